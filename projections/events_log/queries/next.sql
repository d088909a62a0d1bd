-- The first entry of a school that a transaction wrote, or a later one.
select transaction_id, recorded_at
from events_log.entries
where school = $1 and (transaction_id, notification_id) >= ($2, 0)
order by transaction_id, notification_id
limit 1
