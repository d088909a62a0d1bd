with made as (
    insert into webhook_endpoints (
        endpoint, school, kind, url, description, triggers, courses, completions, ordered,
        concurrency, rate, created_at
    )
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
    returning endpoint
), turn as (
    insert into webhook_turns (endpoint) select endpoint from made
)
insert into webhook_secrets (endpoint, secret, created_at) select endpoint, $13, $12 from made
