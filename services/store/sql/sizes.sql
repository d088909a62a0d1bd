-- How many bytes the events of each stream are.
select e.originator_id, sum(octet_length(e.state))
from unnest($1::text[]) as wanted (originator_id)
join stored_events e on e.originator_id = wanted.originator_id
group by e.originator_id
