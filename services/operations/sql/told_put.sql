-- Rows that have something to say before anything is done.
insert into operation_rows (
    school, operation, row, place, learner, course, activity, outcome, code, message, input
)
select
    $1, $2, it.row, coalesce(it.place, 0), it.learner, it.course, it.activity, it.outcome, it.code,
    it.message, it.input
from jsonb_to_recordset($3::jsonb) as it (
    row bigint, place int, learner text, course text, activity text, outcome text, code text,
    message text, input jsonb
)
