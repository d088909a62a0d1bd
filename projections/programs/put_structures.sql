insert into structures (
    school, learner, course, program_version, title, courses, required, published_at
)
select * from unnest(
    $1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[],
    $8::timestamptz[]
)
on conflict (school, learner, course) do update set
    program_version = excluded.program_version,
    title = excluded.title,
    courses = excluded.courses,
    required = excluded.required,
    published_at = excluded.published_at
