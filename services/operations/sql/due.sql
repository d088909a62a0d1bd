update operations
set state = 'validating', revision = revision + 1
where school = $1 and operation = $2 and state = 'scheduled'
