-- The events that one view or feed passes over.
select stream, version
from projection_skips
where projection = $1 and log = $2 and ended_at is null
