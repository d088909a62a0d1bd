insert into mail_suppressions (school, user_id, since, cause) values ($1, $2, $3, $4)
on conflict do nothing
