-- Compare and set: no row comes back where somebody else has moved it, or swapped the view.
update projection_cursors
set transaction_id = $6, notification_id = $7, updated_at = now(), error = null, failed_at = null,
    stopped_transaction_id = null, stopped_notification_id = null,
    recent = $8 + recent * exp(-least(date_part('epoch', now() - updated_at), 600) / 60)
where projection = $1 and log = $2 and generation = $3
  and (transaction_id, notification_id) = ($4, $5)
returning 1
