select
    o.kind,
    o.state,
    o.pause_reason,
    o.resume_to,
    o.actor,
    o.dry_run,
    o.ended_at,
    o.template = $3::jsonb as same,
    exists (
        select from operation_rows r
        where r.school = o.school and r.operation = o.operation and r.outcome = 'failed'
    ) as failed
from operations o
where o.school = $1 and o.operation = $2
for update
