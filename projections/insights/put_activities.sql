insert into activities (school, learner, course, activity, completed)
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::boolean[])
on conflict (school, learner, course, activity) do update set completed = excluded.completed
