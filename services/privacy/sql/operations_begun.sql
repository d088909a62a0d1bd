select operation, kind, state, reason, note, created_at, ended_at
from operations
where school = $1 and actor = $2
order by operation
