select m.message, m.trigger, m.learner, d.state, d.attempts, d.code, d.next_at, d.changed_at
from webhook_deliveries d
join webhook_messages m on m.seq = d.seq
where d.endpoint = $1
    and ($2::text is null or d.state = $2)
    and ($3::text is null or m.message = $3)
order by d.seq desc
limit $4
