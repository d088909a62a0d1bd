-- These attempts and all after them are closed no more.
with gone as (
    select * from unnest($1::text[], $2::text[], $3::text[], $4::integer[])
        as gone (school, learner, course, attempt)
),
activities as (
    delete from attempt_activities a
    using gone
    where (a.school, a.learner, a.course) = (gone.school, gone.learner, gone.course)
        and a.attempt >= gone.attempt
)
delete from attempts a
using gone
where (a.school, a.learner, a.course) = (gone.school, gone.learner, gone.course)
    and a.attempt >= gone.attempt
