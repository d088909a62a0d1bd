-- With its parts, its chunks and what is left of its rows.
delete from operations where school = $1 and operation = $2 and dry_run
