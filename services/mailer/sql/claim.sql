-- What is due goes to this mailer until the lease ends; what others have is passed over.
update mails
set lease = $1, leased_until = $2
from (
    select mail_id from mails
    where state = 'intended' and next_at <= $3 and (leased_until is null or leased_until <= $3)
    order by next_at, mail_id
    limit $4
    for update skip locked
) as due
where mails.mail_id = due.mail_id
returning mails.mail_id, school, recipient, kind, course, attempt, notice::text, message_id,
    unsubscribe, tries, mails.lease
