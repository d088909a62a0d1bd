insert into time_spent (school, learner, course, activity, month, seconds)
select * from unnest(
    $1::text[], $2::text[], $3::text[], $4::text[], $5::date[], $6::bigint[]
)
on conflict (school, learner, course, activity, month) do update set seconds = excluded.seconds
