select token_id, school, name, scopes, created_at, expires_at, last_used_at, revoked_at,
       actor
from api_tokens
where school = $1
order by created_at, token_id
