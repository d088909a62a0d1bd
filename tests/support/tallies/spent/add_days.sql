insert into days as t (school, day, reports, seconds)
select * from unnest($1::text[], $2::date[], $3::bigint[], $4::bigint[])
on conflict (school, day) do update set
    reports = t.reports + excluded.reports,
    seconds = t.seconds + excluded.seconds
