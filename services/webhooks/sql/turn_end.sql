update webhook_turns
set lease = null, leased_until = null, ended_at = $3,
    failures = $4, failing_since = $5, open_until = $6
where endpoint = $1 and lease = $2
