insert into daily as t (school, kind, day, course, provenance, administrator, number)
select * from unnest(
    $1::text[], $2::text[], $3::date[], $4::text[], $5::text[], $6::text[], $7::bigint[]
)
on conflict (school, kind, day, course, provenance, administrator) do update set
    number = t.number + excluded.number
