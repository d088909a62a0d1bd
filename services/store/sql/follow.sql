-- Commit order, and only what no running transaction can still slip in before.
select transaction_id::text::bigint as transaction_id, notification_id,
       originator_id, originator_version, topic, state
from stored_events
where (transaction_id, notification_id) > ($1::text::xid8, $2::bigint)
  and (transaction_id, notification_id) <= ($3::text::xid8, $4::bigint)
  and transaction_id < pg_snapshot_xmin(pg_current_snapshot())
  and ($5::text[] is null or topic = any ($5))
order by stored_events.transaction_id, stored_events.notification_id
limit $6
