-- What decides whether courses are complete, as of a position, in the order of each stream.
select e.originator_id, e.originator_version, e.topic, e.state,
       e.transaction_id::text::bigint as transaction_id, e.notification_id
from unnest($1::text[]) as wanted (originator_id)
join stored_events e using (originator_id)
where e.topic = any ($2::text[])
  and (e.transaction_id, e.notification_id) <= ($3::text::xid8, $4::bigint)
order by e.originator_id, e.originator_version
