-- A learner's streams of courses after one, at most so many (none: all), from the primary key: '0'
-- is the character after '/'. No course's id begins with ~: so the streams do that are about several.
select originator_id
from stored_events
where originator_id > $1 || '/' || $2 || '/' || $3 and originator_id < $1 || '/' || $2 || '0'
  and originator_version = 1
  and split_part(originator_id, '/', 3) not like '~%'
order by originator_id
limit $4
