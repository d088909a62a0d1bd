insert into webhook_schools (school, allow_private) values ($1, $2)
on conflict (school) do update set allow_private = excluded.allow_private
