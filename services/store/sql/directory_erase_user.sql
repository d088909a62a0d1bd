delete from users where school = $1 and user_id = $2
