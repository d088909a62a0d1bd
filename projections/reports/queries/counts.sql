-- How often things happened; undivided where a column is not asked for.
select kind,
       case when $6::boolean then day end,
       case when $7::boolean then course end,
       case when $8::boolean then provenance end,
       case when $9::boolean then administrator end,
       sum(number)::bigint
from reports.daily
where school = $1
  and kind = any($2::text[])
  and ($3::text is null or course = $3)
  and ($4::date is null or day >= $4)
  and ($5::date is null or day <= $5)
  and number > 0
group by 1, 2, 3, 4, 5
order by 1, 2, 3, 4, 5
limit $10
