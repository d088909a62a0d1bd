select
    t.school, t.learner, t.course, t.version, t.activity, t.attempt, t.awarded_at, t.recorded_at,
    t.provenance, t.score, t.actor
from unnest($1::text[], $2::text[], $3::text[]) as wanted (school, learner, course)
join awards t using (school, learner, course)
