-- Days to completion by course: the fewest within which a quarter, half, three quarters of the
-- completed attempts were complete.
with counted as (
    select course, days, attempts,
           sum(attempts) over (partition by course order by days) as until,
           sum(attempts) over (partition by course) as of_course
    from insights.days
    where school = $1 and ($2::text is null or course = $2) and attempts > 0
)
select course, of_course::bigint,
       min(days),
       min(days) filter (where 4 * until >= of_course),
       min(days) filter (where 2 * until >= of_course),
       min(days) filter (where 4 * until >= 3 * of_course),
       max(days)
from counted
group by course, of_course
order by course
limit $3
