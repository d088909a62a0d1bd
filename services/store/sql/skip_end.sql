update projection_skips s
set ended_at = now(), ended_by = $5
from stored_events e
where s.projection = $1 and s.log = $2 and s.ended_at is null
  and e.originator_id = s.stream and e.originator_version = s.version
  and e.transaction_id = $3::bigint::text::xid8 and e.notification_id = $4
returning s.stream, s.version, s.type
