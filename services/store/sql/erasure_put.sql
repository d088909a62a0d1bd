-- The first word stands, whoever runs it again.
insert into erasures (school, user_id, actor, reason, begun_at) values ($1, $2, $3, $4, $5)
on conflict (school, user_id) do nothing
returning user_id
