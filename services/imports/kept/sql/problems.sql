select place, line, heading, code, message, whole_file, harmless
from import_problems
where school = $1 and import = $2 and place > $3
order by place
limit $4
