select school, learner, course, attempt, activity, score, time_spent, provenance,
       manually_completed, completed_at
from progress.attempt_activities
where school = $1 and learner = $2 and course = $3 and attempt = $4
order by activity
