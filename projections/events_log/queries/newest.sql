-- The last entry of a school.
select transaction_id, recorded_at
from events_log.entries
where school = $1
order by transaction_id desc, notification_id desc
limit 1
