select learner, completed_at
from progress.courses
where school = $1 and course = $2 and enrolled and completed_at <= $3
order by learner
