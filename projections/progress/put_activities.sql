insert into activities (
    school, learner, course, activity, recorded, visited, joined, claimed, submitted, score,
    time_spent, time_spent_ever, provenance, completed_at
)
select * from unnest(
    $1::text[], $2::text[], $3::text[], $4::text[], $5::boolean[], $6::boolean[], $7::boolean[],
    $8::boolean[], $9::boolean[], $10::double precision[], $11::bigint[], $12::bigint[],
    $13::text[], $14::timestamptz[]
)
on conflict (school, learner, course, activity) do update set
    recorded = excluded.recorded,
    visited = excluded.visited,
    joined = excluded.joined,
    claimed = excluded.claimed,
    submitted = excluded.submitted,
    score = excluded.score,
    time_spent = excluded.time_spent,
    time_spent_ever = excluded.time_spent_ever,
    provenance = excluded.provenance,
    completed_at = excluded.completed_at
