-- Rows of streams that the log has not.
select 'awards', school, learner, course from awards r
where not exists (
    select from stored_events e
    where e.originator_id = r.school || '/' || r.learner || '/' || r.course
)
