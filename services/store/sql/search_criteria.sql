select criteria::text from saved_searches where school = $1 and name = $2
