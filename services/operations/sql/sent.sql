-- What was told because of an operation ($2), or of these events ($3), by way, trigger and state.
select
    m.kind as way,
    coalesce(e.url, d.endpoint, '') as whom,
    m.trigger,
    coalesce(d.state, 'wanted by nobody') as state,
    count(*) as number
from webhook_messages m
cross join lateral (select convert_from(m.body, 'UTF8')::jsonb as body) b
left join webhook_deliveries d on d.seq = m.seq
left join webhook_endpoints e on e.endpoint = d.endpoint and e.school = m.school
where
    m.school = $1
    and (b.body ->> 'batch_id' = $2 or b.body ->> 'event_id' = any($3::text[]))
group by 1, 2, 3, 4
union all
select
    'e-mail',
    '',
    'course_completed',
    m.state,
    count(*)
from mails m
where
    m.school = $1 and m.kind = 'completion'
    and (
        m.notice ->> 'event_id' = any($3::text[])
        or m.notice ->> 'event_id' in (
            select s.originator_id || '@' || s.originator_version
            from operation_chunks c
            cross join lateral jsonb_array_elements(c.rows) as it
            join stored_events s
                on s.originator_id = $1 || '/' || (it ->> 'learner') || '/' || (it ->> 'course')
            where
                c.school = $1 and c.operation = $2
                and s.topic = 'coursemark.progress.course_completed.v1'
                and convert_from(s.state, 'UTF8')::jsonb ->> 'batch_id' = $2
        )
    )
group by m.state
union all
select
    'learning programme',
    convert_from(state, 'UTF8')::jsonb ->> 'program',
    'learning_program_completed',
    'awarded',
    count(*)
from stored_events
where
    originator_id like $1 || '/%/~programs'
    and topic = 'coursemark.progress.learning_program_completed.v1'
    and (
        convert_from(state, 'UTF8')::jsonb ->> 'batch_id' = $2
        or convert_from(state, 'UTF8')::jsonb ->> 'command_id' = $4
    )
group by 2
order by 1, 2, 3, 4
