-- Chunk 0 counts them: it is carried out already.
with counted as (
    select outcome, code, count(*) as number
    from operation_rows
    where school = $1 and operation = $2
    group by outcome, code
)
insert into operation_chunks (school, operation, chunk, rows, size, done, skipped, failed)
select
    $1,
    $2,
    0,
    '[]',
    sum(number),
    0,
    coalesce(jsonb_object_agg(code, number) filter (where outcome = 'skipped'), '{}'),
    coalesce(jsonb_object_agg(code, number) filter (where outcome = 'failed'), '{}')
from counted
having sum(number) > 0
