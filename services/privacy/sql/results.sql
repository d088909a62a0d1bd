-- Results of commands with these bytes in them, in order of the commands' ids.
select command_id, recorded_at, result
from receipts
where school = $1 and position($2::bytea in result) > 0
order by command_id
