-- Where these followers stand.
select projection, transaction_id, notification_id
from projection_cursors
where log = $1 and projection = any ($2::text[])
