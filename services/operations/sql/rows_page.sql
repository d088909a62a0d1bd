select row, place, learner, course, activity, outcome, code, message, details::text as details
from operation_rows
where
    school = $1 and operation = $2
    and ($3::text[] is null or outcome = any($3))
    and (row, place) > ($4, $5)
order by row, place
limit $6
