insert into saved_searches (school, name, criteria, created_at, changed_at)
values ($1, $2, $3::jsonb, $4, $4)
on conflict (school, name) do update
set criteria = excluded.criteria, changed_at = excluded.changed_at
returning name, criteria::text, created_at, changed_at
