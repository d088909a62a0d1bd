-- Rows of streams that the log has not.
select 'courses', school, learner, course from courses r
where not exists (
    select from stored_events e
    where e.originator_id = r.school || '/' || r.learner || '/' || r.course
)
union all
select 'activities', school, learner, course from activities r
where not exists (
    select from stored_events e
    where e.originator_id = r.school || '/' || r.learner || '/' || r.course
)
union all
select 'attempts', school, learner, course from attempts r
where not exists (
    select from stored_events e
    where e.originator_id = r.school || '/' || r.learner || '/' || r.course
)
union all
select 'attempt_activities', school, learner, course from attempt_activities r
where not exists (
    select from stored_events e
    where e.originator_id = r.school || '/' || r.learner || '/' || r.course
)
