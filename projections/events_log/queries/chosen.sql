-- Of the newest entries of a school before a position, at most $4, those that are asked for, at most
-- $10. How far that is stands on every row, so that a stretch without any is passed too. The limit
-- comes before the filters: what one statement reads is bounded, and the order is the index's.
with stretch as materialized (
    select * from events_log.entries
    where school = $1 and (transaction_id, notification_id) < ($2, $3)
    order by transaction_id desc, notification_id desc
    limit $4
),
ending as (
    select (select count(*) from stretch) as passed, recorded_at, transaction_id, notification_id
    from stretch
    order by stretch.transaction_id, stretch.notification_id
    limit 1
),
chosen as (
    select * from stretch
    where ($5::text is null or $5 in (course, due_course))
      and ($6::text[] is null or type = any ($6))
      and ($7::text is null or actor = $7)
      and ($8::timestamptz is null or recorded_at >= $8)
      and ($9::timestamptz is null or recorded_at < $9)
    order by transaction_id desc, notification_id desc
    limit $10
)
select ending.passed, ending.recorded_at as passed_at, ending.transaction_id as passed_transaction,
       ending.notification_id as passed_notification,
       e.school, e.learner, e.course, e.version, e.transaction_id, e.notification_id, e.type,
       e.attempt, e.activities, e.score, e.seconds, e.provenance, e.manually, e.recorded_at,
       e.effective_at, e.actor, e.reason, e.note, e.source, e.command_id, e.batch_id,
       e.correlation_id, e.program, e.due_course, e.due_at, e.schedule, exists (
           select from events_log.entries u
           where (u.school, u.learner, u.course) = (e.school, e.learner, e.course)
             and e.version = any (u.takes_back) and u.takes_back is not null
       ) as undone
from ending
left join chosen as e on true
order by e.transaction_id desc, e.notification_id desc
