-- The programmes of a school after one, at most so many (none: all), and how many learners have
-- completed each.
select s.course as program, s.title, s.program_version,
       cardinality(string_to_array(s.courses, '/')) as courses,
       cardinality(string_to_array(s.required, '/')) as required,
       (select count(*) from programs.awards a where a.school = s.school and a.program = s.course)
           as completed,
       s.published_at
from programs.structures s
where s.school = $1 and s.course > $2
order by s.course
limit $3
