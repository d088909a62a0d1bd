-- Receivers' answers to what they were told of a person: they may repeat it. Read before anything is
-- written, since a transaction that writes holds every follower of the log back.
select distinct a.endpoint, a.seq
from webhook_messages m
join webhook_endpoints e on e.school = m.school and e.kind = m.kind
join webhook_attempts a on a.endpoint = e.endpoint and a.seq = m.seq
where m.school = $1 and m.learner = $2 and a.answer is not null
