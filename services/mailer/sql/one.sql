select mail_id, school, recipient, kind, course, attempt, state, tries, resends, next_at,
    intended_at, changed_at, code, answer, template, message_id, unsubscribe
from mails
where mail_id = $1
