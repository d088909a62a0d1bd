update webhook_secrets
set expires_at = $2
where endpoint = $1 and (expires_at is null or expires_at > $2)
