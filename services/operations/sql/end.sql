-- Its end, where nothing is left to do and nobody has paused or cancelled it meanwhile.
update operations o
set
    state = case
        when o.dry_run or not exists (
            select from operation_chunks c
            where c.school = o.school and c.operation = o.operation and c.failed <> '{}'
        ) then 'completed'
        else 'completed_with_errors'
    end,
    ended_at = $3,
    revision = revision + 1
where o.school = $1 and o.operation = $2 and o.state = 'running'
