-- By kind, day, course, provenance, administrator. No day: it was not given, so that it became the
-- day of loading.
with happened as (
    select 'enrolled' as kind, registered as day, course, '' as provenance, '' as administrator
    from registrations
    union all
    select 'unenrolled', gone, course, '', '' from registrations where gone is not null
    union all
    select 'activity_completed', day, course, provenance,
           if(provenance = 'earned', '', 'registrar')
    from completed
    union all
    select 'course_completed', day, course, provenance, if(provenance = 'earned', '', 'registrar')
    from course_completions
    union all
    select 'course_reset', null, course, '', 'registrar' from resets
)
select kind, day_0 + h.day as day, course, provenance, administrator, count(*)
from happened h
join courses using (course)
group by all
