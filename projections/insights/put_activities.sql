insert into activities (school, learner, course, activity, own, completed)
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[])
on conflict (school, learner, course, activity) do update set
    own = excluded.own,
    completed = excluded.completed
