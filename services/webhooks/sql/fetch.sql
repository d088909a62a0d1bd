-- What is due at an endpoint and not in hand, with whom it is about as the directory has them now.
with due as materialized (
    select seq, attempts, next_at
    from webhook_deliveries
    where endpoint = $1 and state = 'pending' and next_at <= $2 and seq <> all ($3::bigint[])
    order by next_at, seq
    limit $4
)
select d.seq, d.attempts, m.message, m.learner as key, m.body, u.name, u.email
from due d
join webhook_messages m on m.seq = d.seq
left join users u on u.school = m.school and u.user_id = m.learner
order by d.next_at, d.seq
