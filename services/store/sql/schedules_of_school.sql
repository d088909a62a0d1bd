select definition::text as definition, next_at, created_at, changed_at
from schedules
where school = $1
order by schedule
