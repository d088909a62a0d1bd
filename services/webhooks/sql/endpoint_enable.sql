with enabled as (
    update webhook_endpoints
    set state = 'enabled', cause = null, disabled_at = null, failing_since = null,
        notice_due = false
    where endpoint = $1
    returning endpoint
)
update webhook_turns t
set failures = 0, failing_since = null, open_until = null
from enabled e
where t.endpoint = e.endpoint
