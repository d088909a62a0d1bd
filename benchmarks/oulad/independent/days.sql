-- Days from the enrolment to the completion of the course. Where the enrolment has no day it was
-- made at loading, later than every completion: no days.
select course, count(*), min(took),
       quantile_disc(took, 0.25), quantile_disc(took, 0.5), quantile_disc(took, 0.75), max(took)
from (
    select course, greatest(coalesce(c.day - r.registered, 0), 0) as took
    from course_completions c
    join registrations r using (learner, course)
)
group by course
