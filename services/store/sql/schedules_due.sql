-- Schedules whose next slot has come ($1), after a place in this order.
select next_at, school, schedule
from schedules
where next_at <= $1 and (next_at, school, schedule) > ($2, $3, $4)
order by next_at, school, schedule
limit $5
