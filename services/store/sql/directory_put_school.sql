insert into schools (school, plan, name) values ($1, $2, $3)
on conflict (school) do update set plan = excluded.plan, name = excluded.name
