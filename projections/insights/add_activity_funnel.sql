insert into activity_funnel as t (school, course, activity, started, completed)
select * from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[])
on conflict (school, course, activity) do update set
    started = t.started + excluded.started,
    completed = t.completed + excluded.completed
