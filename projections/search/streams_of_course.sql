select distinct school, learner, course
from records
where school = $1 and course = $2 and learner > $3
order by learner
limit $4
