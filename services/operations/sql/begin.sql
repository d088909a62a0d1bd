insert into operations (
    school, operation, kind, state, dry_run, template, parts, actor, responsible, reason, note,
    source, correlation_id, undoes, schedule, created_at, start_at
)
values ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $8, $9, $10, $11, $12, $13, $14, $15, $16)
on conflict do nothing
