select transaction_id, notification_id
from projection_cursors
where projection = $1 and log = $2
