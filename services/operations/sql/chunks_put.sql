insert into operation_chunks (school, operation, chunk, rows, size)
select $1, $2, it.chunk, it.rows, it.size
from unnest($3::int[], $4::jsonb[], $5::int[]) as it (chunk, rows, size)
