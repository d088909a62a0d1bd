insert into users (school, user_id, role_level, role, name, email, tags, language)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (school, user_id) do update
set role_level = excluded.role_level, role = excluded.role, name = excluded.name,
    email = excluded.email, tags = excluded.tags, language = excluded.language
