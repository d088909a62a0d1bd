-- How much there is of a person, by where it is. '0' is the character after '/'.
with events as (
    select originator_id, state from stored_events
    where originator_id > $1 || '/' || $2 || '/' and originator_id < $1 || '/' || $2 || '0'
),
letters as (
    select state from mails where school = $1 and recipient = $2
),
told as (
    select d.endpoint, d.seq
    from webhook_messages m
    join webhook_endpoints e on e.school = m.school and e.kind = m.kind
    join webhook_deliveries d on d.endpoint = e.endpoint and d.seq = m.seq
    where m.school = $1 and m.learner = $2
),
rows as (
    select input from operation_rows where school = $1 and learner = $2
)
select
    exists (select from users where school = $1 and user_id = $2) as directory,
    (
        select count(distinct originator_id) from events
        where split_part(originator_id, '/', 3) not like '~%'
    ) as courses,
    (select count(*) from events) as events,
    (select count(*) from letters) as mails,
    (select count(*) from letters where state = 'intended') as mails_waiting,
    (select count(*) from letters where state = 'sending') as mails_under_way,
    exists (select from mail_suppressions where school = $1 and user_id = $2) as suppressed,
    (select count(*) from told) as deliveries,
    (
        select count(*) from told
        join webhook_attempts a on a.endpoint = told.endpoint and a.seq = told.seq
        where a.answer is not null
    ) as answers,
    (select count(*) from rows) as operation_rows,
    (
        select count(*) from events where convert_from(state, 'UTF8')::json ->> 'note' is not null
    ) + (select count(*) from rows where input ->> 'note' is not null) as notes
