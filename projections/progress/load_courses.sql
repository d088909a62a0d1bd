select
    t.school, t.learner, t.course, t.version, t.structure_version, t.enrolled, t.enrolled_at,
    t.attempt, t.status, t.progress_rate, t.completed_required, t.required, t.average_score,
    t.time_spent, t.time_spent_ever, t.provenance, t.completed_at, t.emailed
from unnest($1::text[], $2::text[], $3::text[]) as wanted (school, learner, course)
join courses t using (school, learner, course)
