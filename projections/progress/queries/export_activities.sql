select school, learner, course, activity, provenance is not null as completed, score, provenance,
       manually_completed, time_spent, completed_at
from progress.activities
where recorded
order by school, course, learner, activity
