-- The last event that is there, whether or not a follower may read it yet.
select transaction_id::text::bigint as transaction_id, notification_id
from stored_events
order by stored_events.transaction_id desc, stored_events.notification_id desc
limit 1
