-- What there is to do, the longest waiting first: a file to check, or one to import.
select i.school, i.import, null as operation, i.created_at as since
from imports i
where i.state = 'checking'
union all
select r.school, r.import, r.operation, r.created_at
from import_runs r
join imports i using (school, import)
where r.state = 'asked' and i.state = 'checked'
order by since, school, import
limit $1
