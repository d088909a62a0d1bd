select a.at, a.status, a.code, a.milliseconds, a.answer
from webhook_attempts a
join webhook_messages m on m.seq = a.seq
where a.endpoint = $1 and m.message = $2
order by a.at
