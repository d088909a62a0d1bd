delete from operation_parts where school = $1 and operation = $2 and part > $3
