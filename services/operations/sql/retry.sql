-- The failed rows alone, as chunks of their own; they are no longer counted where they failed.
with again as (
    delete from operation_rows
    where school = $1 and operation = $2 and outcome = 'failed' and code <> 'conflicting_rows'
    returning row, place, try, learner, course, activity, input
),
numbered as (
    -- As they were sorted at first, so that the order of a file makes no difference here either.
    select
        input,
        try,
        row_number() over (
            order by
                learner collate "C", course collate "C", (input ->> 'completed')::boolean,
                activity is null, activity collate "C", row, place
        ) as n
    from again
),
counts as (
    select
        coalesce(max(chunk), 0) as last,
        coalesce(max(try), 0) + 1 as next
    from operation_chunks
    where school = $1 and operation = $2
),
corrected as (
    update operation_chunks
    set
        failed = case
            when failed ? 'conflicting_rows'
                then jsonb_build_object('conflicting_rows', failed -> 'conflicting_rows')
            else '{}'::jsonb
        end,
        size = size - (
            select coalesce(sum(value::bigint), 0)
            from jsonb_each_text(failed)
            where key <> 'conflicting_rows'
        )
    where school = $1 and operation = $2
)
insert into operation_chunks (school, operation, chunk, try, rows, size)
select
    $1,
    $2,
    counts.last + 1 + (numbered.n - 1) / $3::int,
    min(counts.next),
    jsonb_agg(numbered.input order by numbered.n),
    count(*)
from numbered, counts
group by counts.last + 1 + (numbered.n - 1) / $3::int
