select school, import from imports where upload is not null and created_at < $1 limit $2
