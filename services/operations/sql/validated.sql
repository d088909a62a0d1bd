update operations o
set
    total = (
        select coalesce(sum(c.size), 0)
        from operation_chunks c
        where c.school = o.school and c.operation = o.operation
    ),
    state = $3,
    pause_reason = $4,
    resume_to = $5,
    message = $6,
    started_at = $7,
    ended_at = $8,
    revision = revision + 1
where o.school = $1 and o.operation = $2 and o.state = 'validating'
