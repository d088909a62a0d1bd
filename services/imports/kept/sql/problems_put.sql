insert into import_problems
    (school, import, place, line, heading, code, message, whole_file, harmless)
select $1, $2, p.*
from unnest(
    $3::integer[], $4::integer[], $5::text[], $6::text[], $7::text[], $8::boolean[], $9::boolean[]
) p
