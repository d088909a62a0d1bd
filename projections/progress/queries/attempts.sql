select school, learner, course, attempt, status, average_score, time_spent, provenance,
       manually_completed, completed_at, closed_at
from progress.attempts
where school = $1 and learner = $2 and course = $3
order by attempt
