-- The learners' streams of one course, from the partial index over first events.
select originator_id
from stored_events
where originator_version = 1
  and split_part(originator_id, '/', 1) = $1
  and split_part(originator_id, '/', 3) = $2
  and originator_id > $3
  and split_part(originator_id, '/', 2) <> '~courses'
order by originator_id
limit $4
