insert into records (
    school, learner, course, enrolment, completion, enrolled, attempt, status, progress_rate,
    active_on, enrolled_at, completed_attempt, completed_at, provenance
)
select * from unnest(
    $1::text[], $2::text[], $3::text[], $4::integer[], $5::integer[], $6::boolean[], $7::integer[],
    $8::text[], $9::double precision[], $10::date[], $11::timestamptz[], $12::integer[],
    $13::timestamptz[], $14::text[]
)
on conflict (school, learner, course, enrolment, completion) do update set
    enrolled = excluded.enrolled,
    attempt = excluded.attempt,
    status = excluded.status,
    progress_rate = excluded.progress_rate,
    active_on = excluded.active_on,
    enrolled_at = excluded.enrolled_at,
    completed_attempt = excluded.completed_attempt,
    completed_at = excluded.completed_at,
    provenance = excluded.provenance
