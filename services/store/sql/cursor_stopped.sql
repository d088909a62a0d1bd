select error, stopped_transaction_id, stopped_notification_id
from projection_cursors
where projection = $1 and log = $2
