insert into webhook_secrets (endpoint, secret, created_at) values ($1, $2, $3)
on conflict (endpoint, secret) do update
set created_at = excluded.created_at, expires_at = null
