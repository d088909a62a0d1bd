-- Of a school's records from a place on, at most $6, the activities with anything recorded, at most
-- $7, by course, learner and activity, after one of them; $2: of this course, null: of all. The first
-- record behind those that were looked at is on every row, so that records without any activity are
-- passed too. The limit comes before the filter: what one statement reads is bounded, and the order
-- is that of the records' index, since no index of activities has it.
with following as (
    select course, learner
    from progress.courses
    where school = $1 and (course, learner) >= ($3, $4)
    order by course, learner
    offset $6
    limit 1
),
told as (
    select a.*
    from (
        select school, learner, course
        from progress.courses
        where school = $1 and (course, learner) >= ($3, $4)
        order by course, learner
        limit $6
    ) c
    cross join lateral (
        select school, learner, course, activity, recorded, visited, joined, claimed, submitted,
               score, time_spent, time_spent_ever, provenance, manually_completed, completed_at
        from progress.activities a
        where
            a.school = c.school and a.learner = c.learner and a.course = c.course and a.recorded
            and ((a.course, a.learner) > ($3, $4) or a.activity > $5)
        order by activity
    ) a
    where $2::text is null or c.course = $2
    order by c.course, c.learner, a.activity
    limit $7
)
select following.course as following_course, following.learner as following_learner, told.*
from (values (true)) as always (row)
left join following on $2::text is null or following.course = $2
left join told on true
order by told.course, told.learner, told.activity
