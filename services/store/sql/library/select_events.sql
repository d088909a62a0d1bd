select originator_version, topic, state
from stored_events
where originator_id = $1
  and ($2::bigint is null or originator_version > $2)
  and ($3::bigint is null or originator_version <= $3)
order by
    case when $4::boolean then -originator_version else originator_version end
limit $5
