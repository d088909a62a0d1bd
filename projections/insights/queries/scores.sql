-- Scores by bucket; undivided where a column is not asked for.
select scored,
       case when $5::boolean then course end,
       case when $6::boolean then activity end,
       case when $7::boolean then provenance end,
       bucket,
       sum(number)::bigint,
       sum(millionths)::bigint
from insights.scores
where school = $1
  and ($2::text is null or course = $2)
  and ($3::text is null or scored = $3)
  and ($4::text is null or provenance = $4)
  and number > 0
group by 1, 2, 3, 4, 5
order by 1, 2, 3, 4, 5
limit $8
