select
    endpoint, school, kind, url, description, triggers, courses, completions, ordered,
    concurrency, rate, created_at, state, cause, disabled_at,
    coalesce(e.failing_since, t.failing_since) as failing_since
from webhook_endpoints e
join webhook_turns t using (endpoint)
where school = $1
    and ($2::text is null or kind = $2)
    and ($3::text is null or endpoint = $3)
order by created_at, endpoint
