lock table stored_events, projection_cursors;

create temporary table renumbered on commit drop as
select transaction_id, notification_id,
       row_number() over (order by transaction_id, notification_id) as place
from stored_events;

-- First, while the old positions still stand.
update projection_cursors as cursor
set transaction_id = case when passed.place is null then 0 else 1 end,
    notification_id = coalesce(passed.place, 0),
    error = null, failed_at = null, stopped_transaction_id = null, stopped_notification_id = null
from projection_cursors as old
left join lateral (
    select max(place) as place
    from renumbered
    where (transaction_id, notification_id)
          <= (old.transaction_id::text::xid8, old.notification_id)
) as passed on true
where cursor.projection = old.projection and cursor.log = old.log;

-- Ids below all others, and then the new ones: so no unique index stands in the way.
-- 1 is the bootstrap transaction's id, which lies below every other.
update stored_events as event
set transaction_id = '1'::xid8, notification_id = -renumbered.place
from renumbered
where event.transaction_id = renumbered.transaction_id
  and event.notification_id = renumbered.notification_id;

update stored_events set notification_id = -notification_id where notification_id < 0;

select setval(
    pg_get_serial_sequence('stored_events', 'notification_id'),
    greatest((select max(notification_id) from stored_events), 1),
    exists (select from stored_events)
);
