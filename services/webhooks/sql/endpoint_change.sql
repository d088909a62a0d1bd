update webhook_endpoints
set url = $3, description = $4, triggers = $5, courses = $6, completions = $7, ordered = $8,
    concurrency = $9, rate = $10
where school = $1 and endpoint = $2 and kind = 'webhook'
returning endpoint
