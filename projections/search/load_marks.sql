select t.school, t.learner, t.course, t.open, t.done
from unnest($1::text[], $2::text[], $3::text[]) as wanted (school, learner, course)
join marks t using (school, learner, course)
