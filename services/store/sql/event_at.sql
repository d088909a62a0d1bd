select originator_id, originator_version
from stored_events
where transaction_id = $1::text::xid8 and notification_id = $2
