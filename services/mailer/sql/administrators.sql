select user_id from users
where school = $1 and role_level = 'admin' and email is not null
order by user_id
