select school, learner, course, version, structure_version, enrolled, enrolled_at, attempt, status,
       progress_rate, completed_required, required, average_score, time_spent, time_spent_ever,
       provenance, manually_completed, completed_at
from progress.courses
where school = $1 and learner = $2 and course = $3
