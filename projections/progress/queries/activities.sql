select school, learner, course, activity, recorded, visited, joined, claimed, submitted, score,
       time_spent, time_spent_ever, provenance, manually_completed, completed_at
from progress.activities
where school = $1 and learner = $2 and course = any ($3::text[])
order by course, activity
