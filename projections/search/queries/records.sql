-- The records by which these learners were found.
select r.learner, r.course, r.enrolled, r.attempt, r.status, r.progress_rate, r.active_on,
       r.enrolled_at, r.completed_attempt, r.completed_at, r.provenance
from search.records r
where r.school = :school and r.learner = any (:learners)
{conditions}
order by r.learner, r.course, r.enrolment, r.completion
