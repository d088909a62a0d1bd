delete from webhook_deliveries d
using (
    select old.endpoint, old.seq
    from webhook_endpoints e
    cross join lateral (
        select endpoint, seq
        from webhook_deliveries
        where endpoint = e.endpoint and seq <= $1 and state <> 'pending'
        order by seq
        limit 1000
    ) old
) gone
where d.endpoint = gone.endpoint and d.seq = gone.seq
