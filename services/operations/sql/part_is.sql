select body = $4 from operation_parts where school = $1 and operation = $2 and part = $3
