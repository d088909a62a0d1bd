-- It came to its end in good order, or a server was away: what counts is a process that died of it.
update imports set tries = 0 where school = $1 and import = $2
