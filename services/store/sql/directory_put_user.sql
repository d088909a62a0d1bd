-- Who was erased stays erased, whatever comes.
insert into users (school, user_id, role_level, role, name, email, tags, language)
select $1, $2, $3, $4, $5, $6, $7::text[], $8
where not exists (select from erasures where school = $1 and user_id = $2)
on conflict (school, user_id) do update
set role_level = excluded.role_level, role = excluded.role, name = excluded.name,
    email = excluded.email, tags = excluded.tags, language = excluded.language
