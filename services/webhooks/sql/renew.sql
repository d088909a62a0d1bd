update webhook_turns t
set leased_until = $3
from unnest($1::text[], $2::uuid[]) as mine (endpoint, lease)
where t.endpoint = mine.endpoint and t.lease = mine.lease
returning t.endpoint
