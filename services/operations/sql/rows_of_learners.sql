-- Each learner in each course, in order, as chunks; who is named again is left out, and told of in
-- chunk 0.
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
again as (
    select
        n.learner,
        row_number() over (order by n.place) as nth
    from named n
    cross join generate_series(2, n.times)
),
told as (
    select
        nth,
        jsonb_build_object(
            'row', (select count(*) from wanted) + nth,
            'learner', learner,
            'outcome', 'skipped',
            'code', 'named_twice',
            'message', 'The list names this learner again; once counts.',
            'input', jsonb_build_object('learner', learner)
        ) as row
    from again
)
select
    ((n - 1) / $4::int + 1)::int as chunk,
    jsonb_agg(
        jsonb_build_object('row', n, 'learner', learner, 'course', course) order by n
    )::text as rows,
    count(*)::int as size
from wanted
group by (n - 1) / $4::int
union all
select 0, jsonb_agg(row)::text, count(*)::int
from told
group by (nth - 1) / $4::int
