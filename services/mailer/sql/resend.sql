-- Only what has come to an end without being sent; whoever still had it has it no longer.
update mails
set state = 'intended', tries = 0, resends = resends + 1, next_at = $2, changed_at = $2,
    lease = null, leased_until = null, code = null, answer = null
where mail_id = $1 and state in ('failed', 'unclear', 'no_address', 'suppressed')
returning mail_id
