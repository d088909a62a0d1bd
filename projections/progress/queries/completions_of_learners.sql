-- Of these learners who is enrolled, and when each completed which of these courses.
select learner, course, attempt, completed_at
from progress.courses
where school = $1 and learner = any ($2::text[]) and course = any ($3::text[])
  and enrolled and completed_at is not null
order by learner, course
