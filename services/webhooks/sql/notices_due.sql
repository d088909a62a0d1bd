select school, endpoint, cause, failing_since, disabled_at
from webhook_endpoints
where notice_due
order by disabled_at
limit 100
