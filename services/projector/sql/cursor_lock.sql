select version, generation, transaction_id, notification_id, error, failed_at
from projection_cursors
where projection = $1 and log = $2
for update
