-- The latest structure of each course, as of a position.
select distinct on (e.originator_id) e.originator_id, e.topic, e.state
from unnest($1::text[]) as wanted (originator_id)
join stored_events e using (originator_id)
where (e.transaction_id, e.notification_id) <= ($2::text::xid8, $3::bigint)
order by e.originator_id, e.originator_version desc
