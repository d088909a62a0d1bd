-- Each learner in each course that the operation had to do with.
with had as (
    select distinct
        it ->> 'learner' as learner,
        it ->> 'course' as course
    from operation_chunks c
    cross join lateral jsonb_array_elements(c.rows) as it
    where c.school = $1 and c.operation = $3
),
wanted as (
    select
        learner,
        course,
        row_number() over (order by learner collate "C", course collate "C") as n
    from had
)
insert into operation_chunks (school, operation, chunk, rows, size)
select
    $1,
    $2,
    (n - 1) / $4::int + 1,
    jsonb_agg(jsonb_build_object('row', n, 'learner', learner, 'course', course) order by n),
    count(*)
from wanted
group by (n - 1) / $4::int
