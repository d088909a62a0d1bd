update import_runs set tries = 0 where school = $1 and operation = $2
