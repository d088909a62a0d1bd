delete from webhook_attempts
where ctid = any (array(select ctid from webhook_attempts where at < $1 limit 20000))
