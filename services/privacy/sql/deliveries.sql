select
    d.endpoint, e.kind, e.url, m.message, m.trigger, d.state, d.attempts, d.code, m.received_at,
    d.changed_at, m.body
from webhook_messages m
join webhook_endpoints e on e.school = m.school and e.kind = m.kind
join webhook_deliveries d on d.endpoint = e.endpoint and d.seq = m.seq
where m.school = $1 and m.learner = $2
order by m.seq, d.endpoint
