-- $2: those that recertify this course and are on; null: all.
select definition::text as definition, next_at, created_at, changed_at
from schedules
where school = $1 and ($2::text is null or (course = $2 and enabled))
order by schedule
