-- Learners who ever did so, by activity of a course.
select course, activity, started, completed
from insights.activity_funnel
where school = $1 and ($2::text is null or course = $2) and started > 0
order by course, activity
limit $3
