select count(*) from mails where school = $1 and recipient = $2 and state = 'sending'
