-- The last attempts at each of these courses before one, so many; with none all. The first one first.
select last.*
from unnest($3::text[]) as wanted (course)
cross join lateral (
    select school, learner, course, attempt, status, average_score, time_spent, provenance,
           manually_completed, completed_at, closed_at
    from progress.attempts a
    where a.school = $1 and a.learner = $2 and a.course = wanted.course
      and ($5::bigint is null or a.attempt < $5)
    order by a.attempt desc
    limit $4
) as last
order by last.course, last.attempt
