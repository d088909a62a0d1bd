-- A learner's certificates, the latest award first; of all courses where none is given.
select course, activity, attempt, awarded_at, provenance, manually, score, actor
from certificates.awards
where school = $1 and learner = $2 and ($3::text is null or course = $3)
order by awarded_at desc, course, version desc
