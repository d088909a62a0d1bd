select role_level = 'admin' from users where school = $1 and user_id = $2
