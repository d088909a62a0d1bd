-- Which endpoints were told of a person, and how often; each time with name and address, as far as
-- the directory had them then. A receiver that answered anything, or nothing in time, had the body.
select e.endpoint, e.kind, e.url, count(*)
from webhook_messages m
join webhook_endpoints e on e.school = m.school and e.kind = m.kind
join webhook_deliveries d on d.endpoint = e.endpoint and d.seq = m.seq
where m.school = $1 and m.learner = $2 and (
    d.state = 'delivered' or exists (
        select from webhook_attempts a
        where a.endpoint = d.endpoint and a.seq = d.seq
            and (a.status is not null or a.code = 'timeout')
    )
)
group by 1, 2, 3
order by 1
