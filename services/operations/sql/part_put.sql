insert into operation_parts (school, operation, part, command_id, body)
values ($1, $2, $3, $4, $5)
on conflict do nothing
