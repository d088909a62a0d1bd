select import, digest from import_runs where school = $1 and operation = $2
