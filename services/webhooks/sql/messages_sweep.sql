delete from webhook_messages
where seq = any (array(
    select m.seq
    from webhook_messages m
    where m.seq <= $1
        and not exists (
            select
            from webhook_endpoints e
            join webhook_deliveries d on d.endpoint = e.endpoint and d.seq = m.seq
            where e.school = m.school
        )
    limit 20000
))
