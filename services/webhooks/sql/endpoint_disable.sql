update webhook_endpoints e
set state = 'disabled', cause = $2, disabled_at = $3, notice_due = $4,
    failing_since = t.failing_since
from webhook_turns t
where e.endpoint = $1 and t.endpoint = e.endpoint and e.state = 'enabled'
returning e.endpoint
