-- All skips there ever were, the latest first; the place in the log is that of today.
select s.projection, e.transaction_id::text::bigint, e.notification_id, s.stream, s.version,
       s.type, s.error, s.reason, s.skipped_by, s.skipped_at, s.ended_by, s.ended_at
from projection_skips s
join stored_events e on e.originator_id = s.stream and e.originator_version = s.version
where s.log = $1
order by s.skipped_at desc, s.projection
