-- What can go on now, the longest unserved first.
select o.school, o.operation
from operations o
where
    o.state = 'running'
    or (o.state = 'cancelled' and o.ended_at is null)
    or (o.state = 'scheduled' and o.start_at <= $1)
    or (
        o.state = 'validating'
        and o.parts <= (
            select count(*)
            from operation_parts p
            where p.school = o.school and p.operation = o.operation and p.part <= o.parts
        )
    )
order by o.served_at
limit $2
