insert into audit_log (at, id, school, caller, actor, method, route, ids, status, code, why,
                       address, operation, request_id, times)
select *
from unnest($1::timestamptz[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[],
            $7::text[], $8::jsonb[], $9::smallint[], $10::text[], $11::text[], $12::text[],
            $13::text[], $14::text[], $15::integer[])
on conflict do nothing
