-- How far these operations have come. $1: schools; $2: the operation of each.
select o.school, o.operation, o.revision
from unnest($1::text[], $2::text[]) as w (school, operation)
join operations o using (school, operation)
