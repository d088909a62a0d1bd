-- What was told because of an operation ($2) of a school ($1), by way, whom, trigger and state.
-- Messages are found by webhook_messages_of_batch; e-mails and awards by the streams of the
-- operation's own learners and courses, which its chunks name (mails_once_per_attempt).
with rows as (
    select distinct it ->> 'learner' as learner, it ->> 'course' as course
    from operation_chunks c
    cross join lateral jsonb_array_elements(c.rows) as it
    where c.school = $1 and c.operation = $2
),
awards as (
    select convert_from(s.state, 'UTF8')::jsonb as award
    from (select distinct learner from rows) r
    join stored_events s on s.originator_id = $1 || '/' || r.learner || '/~programs'
    where s.topic = 'coursemark.progress.learning_program_completed.v1'
)
select
    m.kind as way,
    coalesce(e.url, d.endpoint, '') as whom,
    m.trigger,
    coalesce(d.state, 'wanted by nobody') as state,
    count(*) as number
from webhook_messages m
left join webhook_deliveries d on d.seq = m.seq
left join webhook_endpoints e on e.endpoint = d.endpoint and e.school = m.school
where m.school = $1 and m.batch = $2
group by 1, 2, 3, 4
union all
select 'e-mail', '', 'course_completed', m.state, count(*)
from rows r
join mails m
    on m.school = $1 and m.recipient = r.learner and m.course = r.course and m.kind = 'completion'
-- The event that asked for it: its id ends in its version.
join stored_events s
    on s.originator_id = $1 || '/' || r.learner || '/' || r.course
    and s.originator_version = substring(m.notice ->> 'event_id' from '[0-9]+$')::bigint
where convert_from(s.state, 'UTF8')::jsonb ->> 'batch_id' = $2
group by m.state
union all
select 'learning programme', award ->> 'program', 'learning_program_completed', 'awarded', count(*)
from awards
where award ->> 'batch_id' = $2
group by award ->> 'program'
order by 1, 2, 3, 4
