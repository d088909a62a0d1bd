-- Only where it still stands where it failed; `failed_at` is of the first failure there.
insert into projection_cursors (
    projection, log, transaction_id, notification_id, error, failed_at, stopped_transaction_id,
    stopped_notification_id
)
values ($1, $2, $3, $4, $5, now(), $6, $7)
on conflict (projection, log) do update
set error = $5, failed_at = coalesce(projection_cursors.failed_at, now()),
    stopped_transaction_id = $6, stopped_notification_id = $7
where (projection_cursors.transaction_id, projection_cursors.notification_id) = ($3, $4)
