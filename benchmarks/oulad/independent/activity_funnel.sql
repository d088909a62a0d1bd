-- Learners by activity: ever started (handed in or were marked), ever completed.
with touched as (
    select learner, course, activity from handed
    union
    select learner, course, activity from marked
)
select t.course, t.activity, count(*), count(k.learner)
from touched t
left join (select distinct learner, course, activity from completed) k
    using (learner, course, activity)
group by t.course, t.activity
