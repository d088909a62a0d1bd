-- Messages up to this one are older than what is kept.
select max(seq) from webhook_messages where received_at < $1
