insert into enrolled as t (school, course, learners)
select * from unnest($1::text[], $2::text[], $3::bigint[])
on conflict (school, course) do update set learners = t.learners + excluded.learners
