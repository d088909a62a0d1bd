select school, learner, course, enrolled, attempt, status, progress_rate, completed_required,
       required, average_score, time_spent, provenance, manually_completed, completed_at
from progress.courses
order by school, course, learner
