select
    t.school, t.learner, t.course, t.attempt, t.status, t.average_score, t.time_spent,
    t.provenance, t.completed_at, t.closed_at
from unnest($1::text[], $2::text[], $3::text[]) as wanted (school, learner, course)
join attempts t using (school, learner, course)
