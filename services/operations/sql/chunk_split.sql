-- A chunk of what was cancelled keeps the rows that were begun; the others are left undone.
with kept as (
    update operation_chunks
    set rows = $4::jsonb, size = $5
    where school = $1 and operation = $2 and chunk = $3 and done is null
    returning try
)
insert into operation_chunks (school, operation, chunk, try, rows, size)
select
    $1,
    $2,
    (select max(chunk) + 1 from operation_chunks where school = $1 and operation = $2),
    kept.try,
    $6::jsonb,
    $7
from kept
