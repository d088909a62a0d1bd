select name, criteria::text, created_at, changed_at
from saved_searches
where school = $1 and name > $2
order by name
limit $3
