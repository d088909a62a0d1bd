select
    t.school, t.learner, t.course, t.version, t.transaction_id, t.notification_id, t.type,
    t.attempt, t.activities, t.score, t.seconds, t.provenance, t.recorded_at, t.effective_at,
    t.actor, t.reason, t.note, t.source, t.command_id, t.batch_id, t.correlation_id, t.program,
    t.due_course, t.due_at, t.schedule, t.takes_back
from unnest($1::text[], $2::text[], $3::text[]) as wanted (school, learner, course)
join entries t using (school, learner, course)
