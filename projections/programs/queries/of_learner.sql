-- The programmes that a learner has completed, or has begun a course of; how far they are in each.
select s.course as program, s.title, s.program_version,
       cardinality(string_to_array(s.required, '/')) as required, begun.completed, begun.missing,
       a.provenance, coalesce(a.manually_completed, false) as manually_completed, a.cause,
       a.effective_at, a.recorded_at, a.program_version as completed_version
from programs.structures s
left join programs.awards a
  on a.school = s.school and a.learner = $2 and a.program = s.course
cross join lateral (
    select count(*) filter (where c.status = 'completed' and it.course = any (required.ids))
               as completed,
           array_agg(it.course order by it.place)
               filter (where c.status is distinct from 'completed' and it.course = any (required.ids))
               as missing,
           count(c.course) as courses
    from (select string_to_array(s.required, '/') as ids) as required
    cross join unnest(string_to_array(s.courses, '/')) with ordinality as it (course, place)
    left join progress.courses c
      on c.school = s.school and c.learner = $2 and c.course = it.course
) as begun
where s.school = $1 and (a.program is not null or begun.courses > 0)
order by s.course
