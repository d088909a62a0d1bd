select
    r.operation, o.kind, o.actor, o.created_at, r.row, r.place, r.course, r.activity, r.outcome,
    r.code, r.message, r.input, r.details
from operation_rows r
join operations o on o.school = r.school and o.operation = r.operation
where r.school = $1 and r.learner = $2
order by r.operation, r.row, r.place
