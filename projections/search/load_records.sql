select
    t.school, t.learner, t.course, t.enrolment, t.completion, t.enrolled, t.attempt, t.status,
    t.progress_rate, t.active_on, t.enrolled_at, t.completed_attempt, t.completed_at, t.provenance
from unnest($1::text[], $2::text[], $3::text[]) as wanted (school, learner, course)
join records t using (school, learner, course)
