select school, learner, course, version, structure_version, enrolled, attempt, status,
       progress_rate, completed_required, required, average_score, time_spent, time_spent_ever,
       provenance, manually_completed, completed_at
from unnest($1::text[], $2::text[], $3::text[]) as wanted (school, learner, course)
join progress.courses using (school, learner, course)
