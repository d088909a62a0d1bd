-- The schedule, held until the end of the transaction, where it is still as it was read.
select true
from schedules
where school = $1 and schedule = $2 and next_at = $3 and changed_at = $4
for update skip locked
