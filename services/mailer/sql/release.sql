update mails set leased_until = null where lease = $1 and state = 'intended'
