-- What became of it, where it is still this lease's; one that slept may know better than "unclear".
update mails
set state = $3, tries = $4, code = $5, answer = $6, next_at = coalesce($7, next_at),
    leased_until = null, changed_at = $8
where mail_id = $1 and lease = $2 and state in ('intended', 'sending', 'unclear')
returning mail_id
