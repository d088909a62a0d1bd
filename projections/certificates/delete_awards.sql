delete from awards a
using unnest($1::text[], $2::text[], $3::text[], $4::bigint[])
    as undone (school, learner, course, version)
where (a.school, a.learner, a.course, a.version)
    = (undone.school, undone.learner, undone.course, undone.version)
