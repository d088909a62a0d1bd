insert into attempt_activities (
    school, learner, course, attempt, activity, score, time_spent, provenance, completed_at
)
select * from unnest(
    $1::text[], $2::text[], $3::text[], $4::integer[], $5::text[], $6::double precision[],
    $7::bigint[], $8::text[], $9::timestamptz[]
)
on conflict (school, learner, course, attempt, activity) do update set
    score = excluded.score,
    time_spent = excluded.time_spent,
    provenance = excluded.provenance,
    completed_at = excluded.completed_at
