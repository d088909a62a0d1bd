-- What became of attempts. A failure counts only while the endpoint is still whose attempt it was,
-- and where nobody has parked the delivery meanwhile; that something arrived is true in any case.
with done as (
    select *
    from unnest(
        $1::text[], $2::bigint[], $3::uuid[], $4::text[], $5::integer[], $6::timestamptz[],
        $7::timestamptz[], $8::integer[], $9::text[], $10::integer[], $11::bytea[]
    ) as d (
        endpoint, seq, lease, state, attempts, next_at, at, status, code, milliseconds, answer
    )
), logged as (
    insert into webhook_attempts (endpoint, seq, at, status, code, milliseconds, answer)
    select endpoint, seq, at, status, code, milliseconds, answer from done
)
update webhook_deliveries d
set state = done.state, attempts = done.attempts, code = done.code,
    next_at = done.next_at, changed_at = done.at
from done
where d.endpoint = done.endpoint
    and d.seq = done.seq
    and (
        done.state = 'delivered' and d.state <> 'delivered'
        or d.state = 'pending' and exists (
            select from webhook_turns t where t.endpoint = done.endpoint and t.lease = done.lease
        )
    )
