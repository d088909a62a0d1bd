-- Only where it still stands where it failed; `failed_at` is of the first failure there.
update projection_cursors
set error = $6, failed_at = coalesce(failed_at, now()), stopped_transaction_id = $7,
    stopped_notification_id = $8
where projection = $1 and log = $2 and generation = $3
  and (transaction_id, notification_id) = ($4, $5)
