-- With their parts, chunks and rows.
delete from operations o
using unnest($1::text[], $2::text[]) as it (school, operation)
where (o.school, o.operation) = (it.school, it.operation) and o.dry_run
