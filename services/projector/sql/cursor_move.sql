-- Compare and set: no row comes back where somebody else has moved it, or swapped the view.
update projection_cursors
set transaction_id = $6, notification_id = $7, updated_at = now(), error = null, failed_at = null
where projection = $1 and log = $2 and generation = $3
  and (transaction_id, notification_id) = ($4, $5)
returning 1
