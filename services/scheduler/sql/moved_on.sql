-- The streams that have gone on behind these versions.
select originator_id
from unnest($1::text[], $2::bigint[]) as seen (originator_id, version)
where exists (
    select from stored_events e
    where e.originator_id = seen.originator_id and e.originator_version = seen.version + 1
)
