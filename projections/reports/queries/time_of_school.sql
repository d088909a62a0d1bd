-- Seconds of all learners; undivided where a column is not asked for.
select null::text,
       case when $5::boolean then course end,
       case when $6::boolean then activity end,
       case when $7::boolean then month end,
       sum(seconds)::bigint
from reports.time_totals
where school = $1
  and ($2::text is null or course = $2)
  and ($3::date is null or month >= $3)
  and ($4::date is null or month <= $4)
group by 1, 2, 3, 4
order by 1, 2, 3, 4
limit $8
