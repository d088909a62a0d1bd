insert into programs as t (school, program, completed)
select * from unnest($1::text[], $2::text[], $3::bigint[])
on conflict (school, program) do update set completed = t.completed + excluded.completed
