select
    t.school, t.learner, t.course, t.attempt, t.activity, t.score, t.time_spent, t.provenance,
    t.completed_at
from unnest($1::text[], $2::text[], $3::text[]) as wanted (school, learner, course)
join attempt_activities t using (school, learner, course)
