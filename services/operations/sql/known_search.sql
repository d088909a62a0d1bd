select exists (select from saved_searches where school = $1 and name = $2)
