-- Learners by course: ever enrolled, ever started (handed in or were marked), ever completed.
with touched as (
    select learner, course from handed union select learner, course from marked
)
select course,
       count(*),
       count(*) filter (where exists (
           select 1 from touched t where t.learner = r.learner and t.course = r.course
       )),
       count(*) filter (where exists (
           select 1 from course_completions c where c.learner = r.learner and c.course = r.course
       ))
from registrations r
group by course
