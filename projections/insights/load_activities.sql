select t.school, t.learner, t.course, t.activity, t.own, t.completed
from unnest($1::text[], $2::text[], $3::text[]) as wanted (school, learner, course)
join activities t using (school, learner, course)
