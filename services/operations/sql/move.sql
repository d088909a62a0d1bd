update operations
set
    state = $3,
    pause_reason = $4,
    resume_to = $5,
    responsible = coalesce($6, responsible),
    approved_by = coalesce($7, approved_by),
    message = $8,
    ended_at = $9,
    revision = revision + 1
where school = $1 and operation = $2
