-- What was told under these messages' ids ($2), and the e-mails of these events ($5) to this
-- learner ($3) for this course ($4), by way, whom, trigger and state. Messages are found by their
-- unique index, their deliveries by endpoint and number, e-mails by learner and course.
select
    m.kind as way,
    coalesce(e.url, '') as whom,
    m.trigger,
    coalesce(d.state, 'wanted by nobody') as state,
    count(*) as number
from webhook_messages m
left join (
    webhook_endpoints e
    join webhook_deliveries d on d.endpoint = e.endpoint
) on e.school = m.school and e.kind = m.kind and d.seq = m.seq
where m.school = $1 and m.kind in ('webhook', 'zapier') and m.message = any($2::text[])
group by 1, 2, 3, 4
union all
select 'e-mail', '', 'course_completed', m.state, count(*)
from mails m
where
    m.school = $1 and m.recipient = $3 and m.course = $4
    and m.kind = 'completion' and m.notice ->> 'event_id' = any($5::text[])
group by m.state
order by 1, 2, 3, 4
