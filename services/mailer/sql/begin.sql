-- From here on it may have been sent, until it is noted what became of it.
update mails
set state = 'sending', tries = $3, leased_until = $4, changed_at = $5, template = $6
where mail_id = $1 and lease = $2 and state = 'intended'
returning mail_id
