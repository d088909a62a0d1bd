insert into import_runs (school, operation, import, digest, asked, actor, state, created_at)
values ($1, $2, $3, $4, $5, $6, 'asked', $7)
on conflict do nothing
returning operation
