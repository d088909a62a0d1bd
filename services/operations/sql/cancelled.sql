-- The end of what was cancelled, where none of its rows is begun and not counted.
with left_undone as (
    update operation_chunks
    set actor = null
    where school = $1 and operation = $2 and done is null
)
update operations
set ended_at = clock_timestamp(), revision = revision + 1
where school = $1 and operation = $2 and state = 'cancelled' and ended_at is null
