-- The last event that a follower may read now.
select transaction_id::text::bigint as transaction_id, notification_id
from stored_events
where transaction_id < pg_snapshot_xmin(pg_current_snapshot())
order by stored_events.transaction_id desc, stored_events.notification_id desc
limit 1
