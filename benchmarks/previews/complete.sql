-- Which activities of a course are complete, by learner.
select learner, array_agg(activity) as activities
from progress.activities
where school = $1 and course = $2 and provenance is not null
group by learner
