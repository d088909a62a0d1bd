select mail_id, school, recipient, kind, course, attempt, state, tries, resends, next_at,
    intended_at, changed_at, code, answer, template, message_id, unsubscribe
from mails
where ($1::text is null or school = $1) and ($2::text is null or state = $2)
order by intended_at desc, mail_id
limit $3
