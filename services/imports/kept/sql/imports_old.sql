select school, import from imports where created_at < $1 limit $2
