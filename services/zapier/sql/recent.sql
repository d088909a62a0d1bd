-- Events of a type, the newest first, with what the log holds of each. No more than the last
-- entries of the school are looked at, so that a type which is rare costs no more than others.
select e.originator_id, e.originator_version, e.topic, e.state,
    recent.transaction_id, recent.notification_id
from (
    select learner, course, version, type, transaction_id, notification_id
    from events_log.entries
    where school = $1 and (transaction_id, notification_id) < ($3, $4)
    order by transaction_id desc, notification_id desc
    limit $6
) as recent
join stored_events e
    on e.originator_id = $1 || '/' || recent.learner || '/' || recent.course
    and e.originator_version = recent.version
where recent.type = $2
order by recent.transaction_id desc, recent.notification_id desc
limit $5
