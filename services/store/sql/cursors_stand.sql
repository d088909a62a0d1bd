-- Where these followers stand, how often each was built anew, and when each last wrote.
select projection, generation, transaction_id, notification_id, updated_at
from projection_cursors
where log = $1 and projection = any ($2::text[])
