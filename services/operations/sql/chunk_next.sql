select chunk, try, rows::text as rows, actor
from operation_chunks
where school = $1 and operation = $2 and done is null
order by chunk
limit 1
