select operation, asked::text as asked, actor, state, code, message, parts, users, created_at,
       ended_at
from import_runs
where school = $1 and import = $2
order by created_at, operation
