update operation_chunks
set actor = $4
where school = $1 and operation = $2 and chunk = $3 and actor is null
