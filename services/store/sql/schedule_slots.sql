select slot_at, outcome, operation, learners, code, message, recorded_at
from schedule_slots
where school = $1 and schedule = $2
order by slot_at desc
limit $3
