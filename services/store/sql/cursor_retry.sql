-- Whoever stopped and still runs sees that the error is gone, and tries again.
update projection_cursors
set error = null, failed_at = null, stopped_transaction_id = null, stopped_notification_id = null
where projection = $1 and log = $2 and error is not null
returning 1
