update import_runs set users = coalesce(users, $3)
where school = $1 and operation = $2
returning users
