update projection_cursors
set version = $3, transaction_id = $4, notification_id = $5, generation = generation + 1,
    updated_at = now(), error = null, failed_at = null, stopped_transaction_id = null,
    stopped_notification_id = null
where projection = $1 and log = $2
