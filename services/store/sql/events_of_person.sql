-- All events of a learner's streams, from the primary key, in order of streams and versions: '0' is
-- the character after '/'.
select originator_id, originator_version, topic, state
from stored_events
where originator_id > $1 || '/' || $2 || '/' and originator_id < $1 || '/' || $2 || '0'
order by originator_id, originator_version
