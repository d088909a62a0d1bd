delete from saved_searches
where school = $1 and name = $2
returning name, criteria::text, created_at, changed_at
