insert into learners (school, learner, course, enrolled, structure_version)
select * from unnest($1::text[], $2::text[], $3::text[], $4::boolean[], $5::bigint[])
on conflict (school, learner, course) do update set
    enrolled = excluded.enrolled,
    structure_version = excluded.structure_version
