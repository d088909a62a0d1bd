insert into attempts (
    school, learner, course, attempt, status, average_score, time_spent, provenance,
    completed_at, closed_at
)
select * from unnest(
    $1::text[], $2::text[], $3::text[], $4::integer[], $5::text[], $6::double precision[],
    $7::bigint[], $8::text[], $9::timestamptz[], $10::timestamptz[]
)
on conflict (school, learner, course, attempt) do update set
    status = excluded.status,
    average_score = excluded.average_score,
    time_spent = excluded.time_spent,
    provenance = excluded.provenance,
    completed_at = excluded.completed_at,
    closed_at = excluded.closed_at
