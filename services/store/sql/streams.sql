-- The learners' streams of one course, from the partial index over first events; a learning
-- programme may have the id of a course.
select originator_id
from stored_events
where originator_version = 1
  and split_part(originator_id, '/', 1) = $1
  and split_part(originator_id, '/', 3) = $2
  and originator_id > $3
  and split_part(originator_id, '/', 2) not in ('~courses', '~programs')
order by originator_id
limit $4
