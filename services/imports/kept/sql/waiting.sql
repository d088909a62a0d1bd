-- What there is to do, a file to check or one to import: the longest waiting of each school first,
-- so that no school's many hold up another one's.
select school, import, operation
from (
    select
        w.*,
        row_number() over (partition by w.school order by w.since, w.import) as place
    from (
        select i.school, i.import, null as operation, i.created_at as since
        from imports i
        where i.state = 'checking'
        union all
        select r.school, r.import, r.operation, r.created_at
        from import_runs r
        join imports i using (school, import)
        where r.state = 'asked' and i.state = 'checked'
    ) w
) placed
order by place, since, school, import
limit $1
