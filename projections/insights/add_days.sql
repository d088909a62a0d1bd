insert into days as t (school, course, days, attempts)
select * from unnest($1::text[], $2::text[], $3::integer[], $4::bigint[])
on conflict (school, course, days) do update set attempts = t.attempts + excluded.attempts
