-- The newest first; a page goes on before the last position of the one before it.
select school, learner, course, version, transaction_id, notification_id, type, attempt,
       activities, score, seconds, provenance, manually, recorded_at, effective_at, actor, reason,
       note, source, command_id, batch_id, correlation_id, program, due_course, due_at,
       schedule
from events_log.entries
where school = $1
  and (transaction_id, notification_id) < ($2, $3)
order by transaction_id desc, notification_id desc
limit $4
