select school, user_id, actor, reason, begun_at, ended_at from erasures
where school = $1
order by begun_at, user_id
