-- Learners who ever were or did so, by course.
select course, enrolled, started, completed
from insights.funnel
where school = $1 and ($2::text is null or course = $2)
  and enrolled + started + completed > 0
order by course
limit $3
