-- A statement of its own, after messages_put.sql: it has to see what another consumer has put
-- there meanwhile. Who disables or enables an endpoint waits for it, and it for them.
insert into webhook_deliveries (endpoint, seq, key, state, next_at, changed_at, code)
select
    e.endpoint,
    m.seq,
    case when e.ordered then m.learner end,
    case e.state when 'enabled' then 'pending' else 'parked' end,
    $4,
    $4,
    case e.state when 'disabled' then 'endpoint_disabled' end
from unnest($1::text[], $2::text[], $3::text[]) as w (endpoint, kind, message)
join webhook_endpoints e on e.endpoint = w.endpoint
join webhook_messages m on m.school = e.school and m.kind = w.kind and m.message = w.message
order by e.endpoint, m.seq
for share of e
on conflict (endpoint, seq) do nothing
