-- $2: in this state, null: in any; $3: this message alone, null: all; $5: after this one, null:
-- from the newest.
select
    m.message, m.trigger, m.learner, d.state, d.attempts, d.code,
    case when d.state = 'pending' then d.next_at end, d.changed_at, d.seq
from webhook_deliveries d
join webhook_messages m on m.seq = d.seq
where d.endpoint = $1
    and ($2::text is null or d.state = $2)
    and ($3::text is null or m.message = $3)
    and ($5::bigint is null or d.seq < $5)
order by d.seq desc
limit $4
