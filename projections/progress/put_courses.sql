insert into courses (
    school, learner, course, version, structure_version, enrolled, enrolled_at, attempt, status,
    progress_rate, completed_required, required, average_score, time_spent, time_spent_ever,
    provenance, completed_at, emailed
)
select * from unnest(
    $1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::boolean[],
    $7::timestamptz[], $8::integer[], $9::text[], $10::double precision[], $11::integer[],
    $12::integer[], $13::double precision[], $14::bigint[], $15::bigint[], $16::text[],
    $17::timestamptz[], $18::boolean[]
)
on conflict (school, learner, course) do update set
    version = excluded.version,
    structure_version = excluded.structure_version,
    enrolled = excluded.enrolled,
    enrolled_at = excluded.enrolled_at,
    attempt = excluded.attempt,
    status = excluded.status,
    progress_rate = excluded.progress_rate,
    completed_required = excluded.completed_required,
    required = excluded.required,
    average_score = excluded.average_score,
    time_spent = excluded.time_spent,
    time_spent_ever = excluded.time_spent_ever,
    provenance = excluded.provenance,
    completed_at = excluded.completed_at,
    emailed = excluded.emailed
