with rows as (
    delete from operation_rows where school = $1 and operation = $2
)
delete from operation_chunks where school = $1 and operation = $2
