-- Each learner in each course, in order; who is named again is left out, and counted.
with named as (
    select
        it.learner,
        min((p.part - 1) * 1000::bigint + it.place) as place,
        count(*) as times
    from operation_parts p
    cross join lateral jsonb_array_elements_text(
        convert_from(p.body, 'UTF8')::jsonb -> 'learners'
    ) with ordinality as it (learner, place)
    where p.school = $1 and p.operation = $2
    group by it.learner
),
wanted as (
    select
        n.learner,
        c.course,
        row_number() over (order by n.learner collate "C", c.place) as n
    from named n
    cross join unnest($3::text[]) with ordinality as c (course, place)
),
chunks as (
    insert into operation_chunks (school, operation, chunk, rows, size)
    select
        $1,
        $2,
        (n - 1) / $4::int + 1,
        jsonb_agg(jsonb_build_object('row', n, 'learner', learner, 'course', course) order by n),
        count(*)
    from wanted
    group by (n - 1) / $4::int
),
again as (
    select
        n.learner,
        row_number() over (order by n.place) as nth
    from named n
    cross join generate_series(2, n.times)
),
noted as (
    insert into operation_rows (
        school, operation, row, place, learner, outcome, code, message, input
    )
    select
        $1,
        $2,
        (select count(*) from wanted) + nth,
        0,
        learner,
        'skipped',
        'named_twice',
        'The list names this learner again; once counts.',
        jsonb_build_object('learner', learner)
    from again
)
insert into operation_chunks (school, operation, chunk, rows, size, done, skipped)
select $1, $2, 0, '[]', count(*), 0, jsonb_build_object('named_twice', count(*))
from again
having count(*) > 0
