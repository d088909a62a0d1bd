insert into learners (
    school, learner, course, began_at, attempt_completed, enrolled, completed
)
select * from unnest(
    $1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::boolean[], $6::boolean[],
    $7::boolean[]
)
on conflict (school, learner, course) do update set
    began_at = excluded.began_at,
    attempt_completed = excluded.attempt_completed,
    enrolled = excluded.enrolled,
    completed = excluded.completed
