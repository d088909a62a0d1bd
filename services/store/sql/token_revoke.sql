update api_tokens set revoked_at = $3
where school = $1 and token_id = $2 and revoked_at is null
returning token_id
