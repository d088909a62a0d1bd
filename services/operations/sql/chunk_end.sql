-- With the rows that have something to say; nothing where somebody else has ended it already.
with ended as (
    update operation_chunks
    set done = $4, skipped = $5::jsonb, failed = $6::jsonb
    where school = $1 and operation = $2 and chunk = $3 and done is null
    returning try
),
noted as (
    insert into operation_rows (
        school, operation, row, place, try, learner, course, activity, outcome, code, message,
        input, details
    )
    select
        $1, $2, it.row, it.place, ended.try, it.learner, it.course, it.activity, it.outcome,
        it.code, it.message, it.input::jsonb, it.details::jsonb
    from
        ended,
        unnest(
            $7::bigint[], $8::int[], $9::text[], $10::text[], $11::text[], $12::text[],
            $13::text[], $14::text[], $15::text[], $16::text[]
        ) as it (
            row, place, learner, course, activity, outcome, code, message, input, details
        )
    on conflict (school, operation, row, place) do update
    set
        try = excluded.try, outcome = excluded.outcome, code = excluded.code,
        message = excluded.message, details = excluded.details
)
update operations
set
    revision = revision + 1,
    ended_at = case when state = 'cancelled' then clock_timestamp() end
where school = $1 and operation = $2 and exists (select from ended)
