-- Rows of streams that the log has not.
select 'time_spent', school, learner, course from time_spent r
where not exists (
    select from stored_events e
    where e.originator_id = r.school || '/' || r.learner || '/' || r.course
)
