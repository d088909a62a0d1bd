-- Where an event stands in commit order.
select transaction_id::text::bigint as transaction_id, notification_id
from stored_events
where originator_id = $1 and originator_version = $2
