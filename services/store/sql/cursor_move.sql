-- Compare and set: no row comes back where somebody else has moved the cursor meanwhile.
insert into projection_cursors (projection, log, transaction_id, notification_id)
values ($1, $2, $5, $6)
on conflict (projection, log) do update
set transaction_id = $5, notification_id = $6, updated_at = now()
where (projection_cursors.transaction_id, projection_cursors.notification_id) = ($3, $4)
returning 1
