insert into time_totals as t (school, course, activity, month, seconds)
select * from unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::bigint[])
on conflict (school, course, activity, month) do update set
    seconds = t.seconds + excluded.seconds
