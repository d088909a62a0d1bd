select
    t.school, t.learner, t.course, t.version, t.program, t.program_version, t.required,
    t.provenance, t.cause, t.recorded_at, t.effective_at
from unnest($1::text[], $2::text[], $3::text[]) as wanted (school, learner, course)
join awards t using (school, learner, course)
