-- Seconds by learner, in order of their ids; a page goes on after the last learner before it.
select learner, null::text, null::text, null::date, sum(seconds)::bigint
from reports.time_spent
where school = $1 and learner > $2
  and ($3::text is null or course = $3)
  and ($4::date is null or month >= $4)
  and ($5::date is null or month <= $5)
group by learner
order by learner
limit $6
