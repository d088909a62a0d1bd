select
    mail_id::text as mail_id, kind, course, attempt, state, tries, resends, intended_at, changed_at,
    code, answer, template, message_id, notice
from mails
where school = $1 and recipient = $2
order by intended_at, mails.mail_id
