select t.school, t.learner, t.course, t.activity, t.month, t.seconds
from unnest($1::text[], $2::text[], $3::text[]) as wanted (school, learner, course)
join time_spent t using (school, learner, course)
