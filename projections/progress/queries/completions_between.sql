-- Who is enrolled in a course, and completed it in that time; in order of the completions.
select completed_at, learner, attempt
from progress.courses
where school = $1 and course = $2 and enrolled and completed_at between $3 and $4
order by completed_at, learner
