delete from activities a
using unnest($1::text[], $2::text[], $3::text[], $4::text[])
    as gone (school, learner, course, activity)
where (a.school, a.learner, a.course, a.activity)
    = (gone.school, gone.learner, gone.course, gone.activity)
