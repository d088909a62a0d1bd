insert into imports (school, import, upload, digest, size, choices, actor, state, created_at)
values ($1, $2, $3, $4, $5, $6, $7, 'checking', $8)
on conflict do nothing
returning import
