-- Only the event at which the view or feed has stopped.
insert into projection_skips (projection, log, stream, version, type, error, reason, skipped_by)
select c.projection, c.log, e.originator_id, e.originator_version, e.topic, c.error, $5, $6
from projection_cursors c
join stored_events e
    on e.notification_id = c.stopped_notification_id
    and e.transaction_id = c.stopped_transaction_id::text::xid8
where c.projection = $1 and c.log = $2 and c.error is not null
  and (c.stopped_transaction_id, c.stopped_notification_id) = ($3, $4)
on conflict (projection, log, stream, version) where ended_at is null do nothing
returning stream, version, type
