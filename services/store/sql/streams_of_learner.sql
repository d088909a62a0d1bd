-- A learner's streams of courses, from the primary key: '0' is the character after '/'. No course's
-- id begins with ~: so the streams do that are about several.
select originator_id
from stored_events
where originator_id > $1 || '/' || $2 || '/' and originator_id < $1 || '/' || $2 || '0'
  and originator_version = 1
  and split_part(originator_id, '/', 3) not like '~%'
order by originator_id
