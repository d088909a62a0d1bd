-- The latest version of each programme of a school, as of a position: '0' comes after '/'.
select distinct on (originator_id)
       topic, state, transaction_id::text::bigint as transaction_id, notification_id
from stored_events
where originator_id > $1 || '/' || $2 || '/' and originator_id < $1 || '/' || $2 || '0'
  and (transaction_id, notification_id) <= ($3::text::xid8, $4::bigint)
order by originator_id, originator_version desc
