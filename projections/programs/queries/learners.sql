-- Who has completed a programme, or has a record in a course of it, in order of their ids after one;
-- and how far each is. Each course gives as many as a page has, so that no course is read whole.
with program as (
    select string_to_array(courses, '/') as courses, string_to_array(required, '/') as required
    from programs.structures
    where school = $1 and course = $2
),
candidates as (
    (
        select learner
        from programs.awards
        where school = $1 and program = $2 and learner > $3
        order by learner
        limit $4
    )
    union
    select begun.learner
    from program
    cross join unnest(program.courses) as it (course)
    cross join lateral (
        select learner
        from progress.courses
        where school = $1 and course = it.course and learner > $3
        order by learner
        limit $4
    ) as begun
    order by learner
    limit $4
)
select candidates.learner, cardinality(program.required) as required, done.completed, a.provenance,
       coalesce(a.manually_completed, false) as manually_completed, a.effective_at, a.recorded_at,
       a.program_version
from candidates
cross join program
left join programs.awards a
  on a.school = $1 and a.program = $2 and a.learner = candidates.learner
cross join lateral (
    select count(*) as completed
    from progress.courses c
    where c.school = $1 and c.learner = candidates.learner and c.course = any (program.required)
      and c.status = 'completed'
) as done
order by candidates.learner
