update operations o
set published = it.revision
from unnest($1::text[], $2::text[], $3::bigint[]) as it (school, operation, revision)
where o.school = it.school and o.operation = it.operation and o.published < it.revision
