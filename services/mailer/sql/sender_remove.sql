delete from mail_senders where school = $1 returning school
