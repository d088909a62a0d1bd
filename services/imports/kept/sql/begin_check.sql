update imports set tries = tries + 1
where school = $1 and import = $2 and state = 'checking'
returning tries
