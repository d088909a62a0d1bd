-- A programme with its courses, in order, and how many learners have completed it.
select s.course as program, s.title, s.program_version,
       string_to_array(s.courses, '/') as courses, string_to_array(s.required, '/') as required,
       (select count(*) from programs.awards a where a.school = s.school and a.program = s.course)
           as completed,
       s.published_at
from programs.structures s
where s.school = $1 and s.course = $2
