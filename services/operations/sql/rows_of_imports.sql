-- Each line, sorted so that the order of the file makes no difference: an enrolment first, then
-- activities, then the whole course. All of a learner's lines in a course stand in one chunk.
-- A line of the file may bring several rows, of several courses; each has a place of its own. Lines
-- that contradict or repeat each other are told of in chunk 0.
with given as (
    select
        (it ->> 'line')::bigint as line,
        it ->> 'learner' as learner,
        it ->> 'course' as course,
        it ->> 'activity' as activity,
        (it ->> 'completed')::boolean as completed,
        it
    from operation_parts p
    cross join lateral jsonb_array_elements(convert_from(p.body, 'UTF8')::jsonb -> 'rows') as it
    where p.school = $1 and p.operation = $2
),
placed_in_line as (
    select
        *,
        row_number() over (
            partition by line
            order by learner collate "C", course collate "C", completed, activity collate "C"
        ) - 1 as place
    from given
),
line as (
    select
        *,
        it - 'line' as content,
        it || jsonb_build_object('row', line, 'place', place) as input
    from placed_in_line
),
judged as (
    select
        *,
        min(content::text) over same <> max(content::text) over same as conflicting,
        row_number() over (same order by line) as nth
    from line
    window same as (partition by learner, course, activity, completed)
),
wanted as (
    select
        *,
        row_number() over (
            order by
                learner collate "C", course collate "C", completed, activity is null,
                activity collate "C"
        ) as n
    from judged
    where not conflicting and nth = 1
),
placed as (
    select
        -- A learner is enrolled in a course once, with the first of their rows.
        input || jsonb_build_object('begins', n = min(n) over (partition by learner, course))
            as input,
        n,
        (min(n) over (partition by learner, course) - 1) / $3::int as chunk
    from wanted
),
told as (
    select
        jsonb_build_object(
            'row', line,
            'place', place,
            'learner', learner,
            'course', course,
            'activity', activity,
            'outcome', case when conflicting then 'failed' else 'skipped' end,
            'code', case when conflicting then 'conflicting_rows' else 'named_twice' end,
            'message',
            case
                when conflicting
                    then 'Lines of this learner, course and activity differ; keep one of them.'
                else 'Another line says the same; once counts.'
            end,
            'input', input
        ) as row,
        row_number() over () as nth
    from judged
    where conflicting or nth > 1
)
select
    (chunk + 1)::int as chunk,
    jsonb_agg(input order by n)::text as rows,
    count(*)::int as size
from placed
group by chunk
union all
select 0, jsonb_agg(row)::text, count(*)::int
from told
group by (nth - 1) / $3::int
