select
    t.school, t.learner, t.course, t.activity, t.recorded, t.visited, t.joined, t.claimed,
    t.submitted, t.score, t.time_spent, t.time_spent_ever, t.provenance, t.completed_at
from unnest($1::text[], $2::text[], $3::text[]) as wanted (school, learner, course)
join activities t using (school, learner, course)
