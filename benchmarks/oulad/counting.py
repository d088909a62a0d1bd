"""What the log holds, by plain queries that know nothing of our code."""

from collections import Counter
from typing import Any

import asyncpg

BY_TYPE = """\
select topic, count(*)
from stored_events
where ($1::text is null or split_part(originator_id, '/', 1) = $1)
group by topic order by topic"""

OF_A_COURSE_AND_TIME = """\
select topic, count(*)
from stored_events
where split_part(originator_id, '/', 1) = $1 and split_part(originator_id, '/', 3) = $2
  and coalesce(body(state) ->> 'effective_at', body(state) ->> 'recorded_at')::timestamptz
      between $3 and $4
group by topic order by topic"""

BY_VERB = """\
with undone as (
  select split_part(u ->> 'type', '.', 3) as type, u ->> 'passed' as passed
  from stored_events, jsonb_array_elements(body(state) -> 'undone') as u
  where split_part(originator_id, '/', 1) = $1
    and ($2::text is null or split_part(originator_id, '/', 3) = $2)
    and topic like '%_revoked.v1'
)
select 'voided' as verb, count(*)
from undone
where type in ('activity_completed', 'course_completed') or passed is not null
having count(*) > 0
union all
select case
         when topic like '%.activity_completed.v1' and body(state) ->> 'provenance'
              in ('earned', 'imported') then 'completed'
         when topic like '%.activity_completed.v1' then 'waived'
         when topic like '%.course_completed.v1' then 'satisfied'
         when body(state) ->> 'passed' = 'true' then 'passed'
         when body(state) ->> 'passed' = 'false' then 'failed'
       end,
       count(*)
from stored_events
where split_part(originator_id, '/', 1) = $1
  and ($2::text is null or split_part(originator_id, '/', 3) = $2)
  and (topic like '%_completed.v1' or topic like '%.assessment_submitted.v1')
group by 1 order by 1"""

_BODY = """\
create or replace function pg_temp.body(state bytea) returns jsonb immutable language sql
as $$ select convert_from(state, 'UTF8')::jsonb $$"""


async def counted(pool: asyncpg.Pool, query: str, *arguments: Any) -> Counter[str]:
    """What the query counts; what has no name is left out."""
    async with pool.acquire() as connection:
        await connection.execute(_BODY)
        rows = await connection.fetch(query.replace("body(", "pg_temp.body("), *arguments)
        return Counter({name: count for name, count in rows if name is not None})
