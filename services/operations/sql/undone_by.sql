update operations
set undone_by = $3, revision = revision + 1
where school = $1 and operation = $2 and undone_by is distinct from $3
