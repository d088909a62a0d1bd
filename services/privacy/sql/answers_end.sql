update webhook_attempts a
set answer = null
from unnest($1::text[], $2::bigint[]) as told (endpoint, seq)
where a.endpoint = told.endpoint and a.seq = told.seq
