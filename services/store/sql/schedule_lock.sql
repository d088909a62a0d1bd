-- What is kept under this id, held until the end of the transaction; and its last slot, if any.
select
    s.definition::text as definition,
    s.next_at,
    (
        select max(t.slot_at)
        from schedule_slots t
        where t.school = $1 and t.schedule = $2
    ) as last
from (values (1)) as one
left join lateral (
    select definition, next_at
    from schedules
    where school = $1 and schedule = $2
    for update
) s on true
