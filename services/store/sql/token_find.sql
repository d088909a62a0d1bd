-- The token that is valid now; that it was used is written down once a minute at the most.
with found as (
    select token_id, school, name, scopes, created_at, expires_at, last_used_at, revoked_at,
           actor
    from api_tokens
    where digest = $1 and revoked_at is null and (expires_at is null or expires_at > $2)
), used as (
    update api_tokens set last_used_at = $2
    from found
    where api_tokens.token_id = found.token_id
      and (found.last_used_at is null or found.last_used_at < $2 - interval '1 minute')
)
select * from found
