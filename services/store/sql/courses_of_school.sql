-- The streams of a school's course structures after one, from the primary key: '0' is the character
-- after '/'.
select originator_id
from stored_events
where originator_id > $1 || '/~courses/' || $2 and originator_id < $1 || '/~courses0'
  and originator_version = 1
order by originator_id
limit $3
