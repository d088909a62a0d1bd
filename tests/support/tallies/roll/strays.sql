select 'learners', school, learner, course from learners r
where not exists (
    select from stored_events e
    where e.originator_id = r.school || '/' || r.learner || '/' || r.course
)
