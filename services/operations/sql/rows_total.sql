select coalesce(sum(size), 0) from operation_chunks where school = $1 and operation = $2
