-- Of each learner after $5 the first that waits, if it is due and not in hand: from one learner to
-- the next by the index, however much waits behind each.
with recursive heads as (
    (
        select key, seq, attempts, next_at
        from webhook_deliveries
        where endpoint = $1 and state = 'pending' and key > $5
        order by key, seq
        limit 1
    )
    union all
    select n.*
    from heads h
    cross join lateral (
        select key, seq, attempts, next_at
        from webhook_deliveries
        where endpoint = $1 and state = 'pending' and key > h.key
        order by key, seq
        limit 1
    ) n
), due as materialized (
    select key, seq, attempts
    from heads
    where next_at <= $2 and seq <> all ($3::bigint[])
    limit $4
)
select d.seq, d.attempts, m.message, d.key, m.body, u.name, u.email
from due d
join webhook_messages m on m.seq = d.seq
left join users u on u.school = m.school and u.user_id = m.learner
order by d.key
