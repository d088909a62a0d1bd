-- Where these followers stand, and how often each was built anew.
select projection, generation, transaction_id, notification_id
from projection_cursors
where log = $1 and projection = any ($2::text[])
