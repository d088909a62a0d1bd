-- Stream by stream, as of a position: what comes after one version of one stream, without some
-- types.
select originator_id, originator_version, topic, state,
       transaction_id::text::bigint as transaction_id, notification_id
from stored_events
where (originator_id, originator_version) > ($1, $2)
  and (transaction_id, notification_id) <= ($3::text::xid8, $4::bigint)
  and topic <> all ($5)
order by originator_id, originator_version
limit $6
