update import_runs set state = $3, code = $4, message = $5, parts = $6, users = $7, ended_at = $8
where school = $1 and operation = $2
