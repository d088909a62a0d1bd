insert into funnel as t (school, course, enrolled, started, completed)
select * from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[])
on conflict (school, course) do update set
    enrolled = t.enrolled + excluded.enrolled,
    started = t.started + excluded.started,
    completed = t.completed + excluded.completed
