-- Commit order between two notification ids; each stands for the place of the event that has
-- it, or of the nearest event below it.
with place as (
    select
        (select transaction_id from stored_events where notification_id <= $1
         order by notification_id desc limit 1) as first,
        (select transaction_id from stored_events where notification_id <= $3
         order by notification_id desc limit 1) as last
)
select e.notification_id, e.originator_id, e.originator_version, e.topic, e.state
from stored_events e, place
where e.transaction_id < pg_snapshot_xmin(pg_current_snapshot())
  and (place.first is null or (e.transaction_id, e.notification_id) > (place.first, $1::bigint)
       or ($2::boolean and e.notification_id = $1))
  and ($3::bigint is null
       or (e.transaction_id, e.notification_id) <= (place.last, $3::bigint))
  and ($4::text[] is null or e.topic = any ($4))
order by e.transaction_id, e.notification_id
limit $5
