select definition::text as definition, next_at, created_at, changed_at
from schedules
where course is not null and enabled and (school, schedule) > ($1, $2)
order by school, schedule
limit $3
