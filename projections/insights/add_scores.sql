insert into scores as t (
    school, course, scored, activity, provenance, bucket, number, millionths
)
select * from unnest(
    $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::integer[], $7::bigint[],
    $8::bigint[]
)
on conflict (school, course, scored, activity, provenance, bucket) do update set
    number = t.number + excluded.number,
    millionths = t.millionths + excluded.millionths
