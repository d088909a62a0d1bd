-- $4: before that slot; null: from the newest.
select slot_at, outcome, operation, learners, code, message, recorded_at
from schedule_slots
where school = $1 and schedule = $2 and ($4::timestamptz is null or slot_at < $4)
order by slot_at desc
limit $3
