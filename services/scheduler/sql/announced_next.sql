-- The next schedule that warns learners, of those that were changed after $3.
select school, schedule, changed_at
from schedules
where enabled
  and changed_at > $3
  and (school, schedule) > ($1, $2)
  and definition -> 'task' ->> 'warn_days' is not null
order by school, schedule
limit 1
