-- Where learners stand now, from the view of progress; ten per cent of progress at a time, the
-- last with 100. This is what a reset does change.
select course, enrolled, status, 10 * least(floor(progress_rate / 10)::integer, 9), count(*)
from progress.courses
where school = $1 and ($2::text is null or course = $2)
group by 1, 2, 3, 4
order by 1, 2 desc, 3, 4
limit $3
