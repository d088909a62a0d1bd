-- A school's activities with anything recorded, by course, learner and activity, after one of them;
-- $2: of this course, null: of all. Records give the order, since no index of activities has it.
select a.*
from progress.courses c
cross join lateral (
    select school, learner, course, activity, recorded, visited, joined, claimed, submitted, score,
           time_spent, time_spent_ever, provenance, manually_completed, completed_at
    from progress.activities a
    where
        a.school = c.school and a.learner = c.learner and a.course = c.course and a.recorded
        and ((a.course, a.learner) > ($3, $4) or a.activity > $5)
    order by activity
) a
where
    c.school = $1 and ($2::text is null or c.course = $2) and (c.course, c.learner) >= ($3, $4)
order by c.course, c.learner, a.activity
limit $6
