-- The token, ended or not; that a valid one was used is written down once a minute at the most.
with found as (
    select token_id, school, name, scopes, created_at, expires_at, last_used_at, revoked_at,
           actor
    from api_tokens
    where digest = $1
), used as (
    update api_tokens set last_used_at = $2
    from found
    where api_tokens.token_id = found.token_id
      and found.revoked_at is null and (found.expires_at is null or found.expires_at > $2)
      and (found.last_used_at is null or found.last_used_at < $2 - interval '1 minute')
)
select * from found
