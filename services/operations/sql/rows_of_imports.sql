-- Each line, sorted so that the order of the file makes no difference: an enrolment first, then
-- activities, then the whole course. All of a learner's lines in a course stand in one chunk.
-- A line of the file may bring several rows, of several courses; each has a place of its own.
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
chunks as (
    insert into operation_chunks (school, operation, chunk, rows, size)
    select $1, $2, chunk + 1, jsonb_agg(input order by n), count(*)
    from placed
    group by chunk
),
told as (
    select
        *,
        case when conflicting then 'failed' else 'skipped' end as outcome,
        case when conflicting then 'conflicting_rows' else 'named_twice' end as code
    from judged
    where conflicting or nth > 1
),
noted as (
    insert into operation_rows (
        school, operation, row, place, learner, course, activity, outcome, code, message, input
    )
    select
        $1,
        $2,
        line,
        place::int,
        learner,
        course,
        activity,
        outcome,
        code,
        case
            when conflicting
                then 'Lines of this learner, course and activity differ; keep one of them.'
            else 'Another line says the same; once counts.'
        end,
        input
    from told
)
insert into operation_chunks (school, operation, chunk, rows, size, done, skipped, failed)
select
    $1,
    $2,
    0,
    '[]',
    count(*),
    0,
    case
        when count(*) filter (where not conflicting) = 0 then '{}'::jsonb
        else jsonb_build_object('named_twice', count(*) filter (where not conflicting))
    end,
    case
        when count(*) filter (where conflicting) = 0 then '{}'::jsonb
        else jsonb_build_object('conflicting_rows', count(*) filter (where conflicting))
    end
from told
having count(*) > 0
