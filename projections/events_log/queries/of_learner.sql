-- The newest first; a page goes on before the last position of the one before it.
select school, learner, course, version, transaction_id, notification_id, type, attempt,
       activities, score, seconds, provenance, manually, recorded_at, effective_at, actor, reason,
       note, source, command_id, batch_id, correlation_id, program, due_course, due_at,
       schedule, exists (
           select from events_log.entries u
           where (u.school, u.learner, u.course) = (e.school, e.learner, e.course)
             and e.version = any (u.takes_back) and u.takes_back is not null
       ) as undone
from events_log.entries e
where school = $1 and learner = $2 and ($3::text is null or $3 in (course, due_course))
  and (transaction_id, notification_id) < ($4, $5)
  and ($7::text[] is null or type = any ($7))
  and ($8::text is null or actor = $8)
  and ($9::timestamptz is null or recorded_at >= $9)
  and ($10::timestamptz is null or recorded_at < $10)
order by transaction_id desc, notification_id desc
limit $6
