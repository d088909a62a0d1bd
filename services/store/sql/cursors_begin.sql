-- Followers that have no cursor yet: at the head of the log where another one has been at work, and
-- at the origin otherwise. One statement: no event is published between the two looks.
insert into projection_cursors (projection, log, transaction_id, notification_id)
select name, $2, coalesce(head.transaction_id, 0), coalesce(head.notification_id, 0)
from unnest($1::text[]) as name
left join lateral (
    select transaction_id::text::bigint as transaction_id, notification_id
    from stored_events
    where transaction_id < pg_snapshot_xmin(pg_current_snapshot())
    order by stored_events.transaction_id desc, stored_events.notification_id desc
    limit 1
) as head on exists (select from projection_cursors where projection = $3 and log = $2)
on conflict do nothing
