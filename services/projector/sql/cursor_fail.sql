-- Only where it still stands where it failed.
update projection_cursors
set error = $6, failed_at = now()
where projection = $1 and log = $2 and generation = $3
  and (transaction_id, notification_id) = ($4, $5)
