delete from operation_rows
where (school, operation, row, place) in (
    select school, operation, row, place
    from operation_rows
    where school = $1 and operation = $2
    limit $3
)
