update operations set served_at = clock_timestamp() where school = $1 and operation = $2
