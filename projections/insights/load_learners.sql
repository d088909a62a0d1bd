select
    t.school, t.learner, t.course, t.began_at, t.attempt_completed, t.enrolled, t.completed
from unnest($1::text[], $2::text[], $3::text[]) as wanted (school, learner, course)
join learners t using (school, learner, course)
