insert into api_tokens (token_id, school, name, digest, scopes, created_at, expires_at, actor)
values ($1, $2, $3, $4, $5, $6, $7, $8)
