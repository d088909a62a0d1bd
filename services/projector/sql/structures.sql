-- The latest structure of each course, as of a position, without those that are skipped.
select distinct on (e.originator_id) e.originator_id, e.originator_version, e.topic, e.state,
       e.transaction_id::text::bigint as transaction_id, e.notification_id
from unnest($1::text[]) as wanted (originator_id)
join stored_events e using (originator_id)
where (e.transaction_id, e.notification_id) <= ($2::text::xid8, $3::bigint)
  and not exists (
      select from unnest($4::text[], $5::bigint[]) as skipped (stream, version)
      where (skipped.stream, skipped.version) = (e.originator_id, e.originator_version)
  )
order by e.originator_id, e.originator_version desc
