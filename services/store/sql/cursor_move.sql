-- Compare and set: no row comes back where somebody else has moved the cursor meanwhile.
insert into projection_cursors (projection, log, transaction_id, notification_id, recent)
values ($1, $2, $5, $6, $7)
on conflict (projection, log) do update
set transaction_id = $5, notification_id = $6, updated_at = now(), error = null, failed_at = null,
    stopped_transaction_id = null, stopped_notification_id = null,
    recent = $7 + projection_cursors.recent * exp(
        -least(date_part('epoch', now() - projection_cursors.updated_at), 600) / 60
    )
where (projection_cursors.transaction_id, projection_cursors.notification_id) = ($3, $4)
returning 1
