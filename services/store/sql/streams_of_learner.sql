-- A learner's streams, from the primary key: '0' is the character after '/'.
select originator_id
from stored_events
where originator_id > $1 || '/' || $2 || '/' and originator_id < $1 || '/' || $2 || '0'
  and originator_version = 1
order by originator_id
