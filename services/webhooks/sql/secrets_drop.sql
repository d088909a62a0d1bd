delete from webhook_secrets where expires_at <= $1
