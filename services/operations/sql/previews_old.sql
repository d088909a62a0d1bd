-- Previews that ended before, and whose end has been told: the longest ago first.
select school, operation
from operations
where dry_run and ended_at < $1 and published = revision
order by ended_at
limit $2
