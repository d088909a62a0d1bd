-- Scores in buckets of five points, 100 in the last, with their exact sum in millionths: those of
-- submissions, of completed activities, and the averages of completed courses to two decimals, a
-- half to the even neighbour.
with averages as (
    select course, provenance,
           millionths // (scores * 10000) as hundredths,
           millionths % (scores * 10000) * 2 - scores * 10000 as beyond_half
    from course_completions
    where scores > 0
),
scored as (
    select 'submission' as scored, course, activity, '' as provenance,
           (score * 1000000)::hugeint as millionths
    from handed
    where not imported and score is not null
    union all
    select 'activity', course, activity, provenance, (score * 1000000)::hugeint
    from completed
    where score is not null
    union all
    select 'course', course, '', provenance,
           10000 * (
               hundredths
               + case when beyond_half > 0 then 1 when beyond_half = 0 then hundredths % 2 else 0 end
           )
    from averages
)
select scored, course, activity, provenance,
       least(millionths // 5000000, 19)::int * 5 as bucket,
       count(*), sum(millionths)::bigint
from scored
group by all
