-- Each learner in each course that the operation had to do with, as chunks; whom it did not know
-- it did nothing to.
with had as (
    select distinct
        it ->> 'learner' as learner,
        it ->> 'course' as course
    from operation_chunks c
    cross join lateral jsonb_array_elements(c.rows) as it
    where c.school = $1 and c.operation = $2
        and not exists (
            select
            from operation_rows r
            where r.school = c.school and r.operation = c.operation
                and r.row = (it ->> 'row')::bigint
                and r.place = coalesce((it ->> 'place')::int, 0)
                and r.code = 'unknown_learner'
        )
),
wanted as (
    select
        learner,
        course,
        row_number() over (order by learner collate "C", course collate "C") as n
    from had
)
select
    ((n - 1) / $3::int + 1)::int as chunk,
    jsonb_agg(
        jsonb_build_object('row', n, 'learner', learner, 'course', course) order by n
    )::text as rows,
    count(*)::int as size
from wanted
group by (n - 1) / $3::int
