-- $2: this message alone; $3, $4: what came from when to before when; $5: which states.
update webhook_deliveries d
set state = 'pending', attempts = 0, next_at = $6, changed_at = $6, code = null
from webhook_messages m
where d.endpoint = $1
    and m.seq = d.seq
    and ($2::text is null or m.message = $2)
    and ($3::timestamptz is null or m.received_at >= $3)
    and ($4::timestamptz is null or m.received_at < $4)
    and d.state = any ($5::text[])
