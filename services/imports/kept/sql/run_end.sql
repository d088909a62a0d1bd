update import_runs set state = $3, code = $4, message = $5, ended_at = $6
where school = $1 and operation = $2
