update import_runs set tries = tries + 1
where school = $1 and operation = $2 and state = 'asked'
returning tries, asked::text as asked, actor
