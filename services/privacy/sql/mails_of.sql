select mail_id from mails where school = $1 and recipient = $2 order by intended_at, mail_id
