-- Endpoints that have something due, are nobody's and not behind an open breaker; those first
-- whose last turn is longest ago. $4: only these; none: all.
with free as (
    select t.endpoint
    from webhook_turns t
    join webhook_endpoints e on e.endpoint = t.endpoint
    where e.state = 'enabled'
        and ($4::text[] is null or t.endpoint = any ($4))
        and (t.leased_until is null or t.leased_until <= $2)
        and (t.open_until is null or t.open_until <= $2)
        and exists (
            select from webhook_deliveries d
            where d.endpoint = t.endpoint and d.state = 'pending' and d.next_at <= $2
        )
    order by t.ended_at, t.endpoint
    limit $5
    for update of t skip locked
)
update webhook_turns t
set lease = $1, leased_until = $3
from free f
join webhook_endpoints e on e.endpoint = f.endpoint
left join webhook_schools s on s.school = e.school
where t.endpoint = f.endpoint
returning
    e.endpoint, e.school, e.kind, e.url, e.ordered, e.concurrency, e.rate, t.lease,
    coalesce(s.allow_private, false),
    t.failures, t.failing_since, t.open_until,
    array(
        select c.secret from webhook_secrets c
        where c.endpoint = e.endpoint and (c.expires_at is null or c.expires_at > $2)
        order by c.created_at desc
    )
