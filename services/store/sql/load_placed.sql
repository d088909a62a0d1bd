-- All events of streams, each with its place in commit order.
select
    transaction_id::text::bigint, notification_id,
    originator_id, originator_version, topic, state
from stored_events
where originator_id = any ($1::text[])
order by originator_id, originator_version
