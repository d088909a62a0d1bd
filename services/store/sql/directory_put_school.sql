insert into schools (school, plan, name, language) values ($1, $2, $3, $4)
on conflict (school) do update
set plan = excluded.plan, name = excluded.name, language = excluded.language
