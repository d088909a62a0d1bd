-- The events of many streams, each after the version that the caller knows already.
select e.originator_id, e.originator_version, e.topic, e.state
from unnest($1::text[], $2::bigint[]) as wanted (originator_id, version)
join stored_events e
  on e.originator_id = wanted.originator_id and e.originator_version > wanted.version
order by e.originator_id, e.originator_version
