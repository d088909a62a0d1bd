select notification_id
from stored_events
where transaction_id < pg_snapshot_xmin(pg_current_snapshot())
order by transaction_id desc, notification_id desc
limit 1
