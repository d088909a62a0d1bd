-- The newest first. $1: a school, null: all, also what is of none; the others narrow it down;
-- $8 and $9: before the one of that moment and id; $10: how many.
select at, id, school, caller, actor, method, route, ids, status, code, why, address, operation,
       request_id, times
from audit_log
where ($1::text is null or school = $1)
  and ($2::timestamptz is null or at >= $2)
  and ($3::timestamptz is null or at < $3)
  and ($4::text is null or caller = $4)
  and ($5::text is null or actor = $5)
  and ($6::text is null or operation = $6)
  and ($7::smallint[] is null or status = any($7))
  and ($8::timestamptz is null or (at, id) < ($8, $9::uuid))
order by at desc, id desc
limit $10
