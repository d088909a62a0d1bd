update imports set state = 'checked', counts = $3, checked_at = $4
where school = $1 and import = $2
