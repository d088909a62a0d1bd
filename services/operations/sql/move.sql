-- While a chunk of what is cancelled is under way, or was when its process died, it has no end.
update operations o
set
    state = $3,
    pause_reason = $4,
    resume_to = $5,
    responsible = coalesce($6, responsible),
    approved_by = coalesce($7, approved_by),
    message = $8,
    ended_at = case
        when not exists (
            select from operation_chunks c
            where
                c.school = o.school and c.operation = o.operation
                and c.actor is not null and c.done is null
        ) then $9::timestamptz
    end,
    revision = revision + 1
where school = $1 and operation = $2
