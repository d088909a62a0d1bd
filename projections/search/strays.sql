-- Rows of streams that the log has not.
select 'records', school, learner, course from records r
where not exists (
    select from stored_events e
    where e.originator_id = r.school || '/' || r.learner || '/' || r.course
)
union all
select 'marks', school, learner, course from marks r
where not exists (
    select from stored_events e
    where e.originator_id = r.school || '/' || r.learner || '/' || r.course
)
