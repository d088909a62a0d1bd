-- Rows of enrolments and completions beyond those that are left.
delete from records r
using unnest($1::text[], $2::text[], $3::text[], $4::integer[], $5::integer[])
    as fewer (school, learner, course, enrolments, completions)
where (r.school, r.learner, r.course) = (fewer.school, fewer.learner, fewer.course)
    and (r.enrolment > fewer.enrolments or r.completion > fewer.completions)
