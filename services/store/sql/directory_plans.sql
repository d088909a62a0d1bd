-- Plans, each with the school's policy; without one p.school is null.
select
    s.school, s.plan, p.school is not null,
    p.max_backdating_days, p.max_import_backdating_days,
    p.reasons, p.note_required, p.four_eyes_above
from schools s
left join school_policies p on p.school = s.school
where s.school = any ($1::text[])
