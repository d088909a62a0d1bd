select t.school, t.learner, t.course, t.program_version, t.title, t.courses, t.required, t.published_at
from unnest($1::text[], $2::text[], $3::text[]) as wanted (school, learner, course)
join structures t using (school, learner, course)
