-- A learner's streams of courses, from the primary key: '0' is the character after '/'.
select originator_id
from stored_events
where originator_id > $1 || '/' || $2 || '/' and originator_id < $1 || '/' || $2 || '0'
  and originator_version = 1
  and split_part(originator_id, '/', 3) <> '~programs'
order by originator_id
