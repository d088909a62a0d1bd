-- A school's learners in their courses, by course and learner, after one of them; $2: of this
-- course, null: of all. The limit comes before the filter: a page reads no other course to its end.
select *
from (
    select school, learner, course, version, structure_version, enrolled, enrolled_at, attempt,
           status, progress_rate, completed_required, required, average_score, time_spent,
           time_spent_ever, provenance, manually_completed, completed_at
    from progress.courses
    where school = $1 and (course, learner) > ($3, $4)
    order by course, learner
    limit $5
) c
where $2::text is null or course = $2
order by course, learner
