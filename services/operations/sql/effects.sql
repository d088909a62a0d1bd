select
    coalesce(sum((details #>> '{effects,emails}')::bigint), 0)::bigint as emails,
    coalesce(sum((details #>> '{effects,webhooks}')::bigint), 0)::bigint as webhooks,
    coalesce(sum((details #>> '{effects,zaps}')::bigint), 0)::bigint as zaps
from operation_rows
where school = $1 and operation = $2
