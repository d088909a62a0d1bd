-- The Open University's files as tables, and what the rules make of them: no event, no fold, no
-- code of Coursemark. Rule numbers are those of its rules; the mapping is that of the data's README.
create macro files(name) as getvariable('folder') || '/' || name || '.csv.gz';
create macro known(cell) as case when cell in ('', '?') then null else cell end;

-- A course is a presentation of a module; day 0 is 1 February (B) or 1 October (J), in UTC.
create table courses as
select code_module || '-' || code_presentation as course,
       make_date(
           left(code_presentation, 4)::int, if(code_presentation like '%B', 2, 10), 1
       ) as day_0,
       module_presentation_length::int as length
from read_csv(files('courses'), all_varchar = true);

create table assessments as
select code_module || '-' || code_presentation as course,
       id_assessment as id,
       'assessment-' || id_assessment as activity,
       assessment_type = 'Exam' as is_exam
from read_csv(files('assessments'), all_varchar = true);

-- A learner in a course; `gone`: the day of unregistration.
create table registrations as
select r.id_student as learner,
       r.code_module || '-' || r.code_presentation as course,
       known(r.date_registration)::int as registered,
       known(r.date_unregistration)::int as gone,
       i.final_result as result
from read_csv(files('studentRegistration'), all_varchar = true) r
join read_csv(files('studentInfo'), all_varchar = true) i
    using (id_student, code_module, code_presentation);

-- What was handed in while the learner was enrolled, the day of leaving included (R6). Work that
-- was carried over is imported as it stands (B4); a form is complete when it is handed in, an exam
-- with 40 points (L1).
create table handed as
select learner, course, activity, id::int as id, date_submitted::int as day,
       known(score)::double as score,
       is_banked = '1' as imported,
       is_banked = '1' or not is_exam or coalesce(known(score)::double >= 40, false) as completes
from read_csv(files('studentAssessment'), all_varchar = true) s
join assessments a on a.id = s.id_assessment
join registrations r using (course)
where r.learner = s.id_student and (gone is null or date_submitted::int <= gone);

-- Who passed and is still enrolled is marked complete, on the last day of the course: all that is
-- not complete yet is graded 100 (M7, M13); where nothing is left, nothing is marked (M8).
create table marked as
select r.learner, r.course, a.activity, c.length as day
from registrations r
join courses c using (course)
join assessments a using (course)
where r.result in ('Pass', 'Distinction') and r.gone is null
  and not exists (
      select 1 from handed h
      where h.learner = r.learner and h.activity = a.activity and h.completes
  );

-- Every completion of an activity; a marked one keeps no score of its own (M7).
create table completed as
select learner, course, activity, day, id, score,
       if(imported, 'imported', 'earned') as provenance
from handed
where completes
union all
select learner, course, activity, day, null, 100, 'manual'
from marked;

-- A course is complete with all of its activities (M12): manual where something was marked, else
-- as the last one handed in. It was achieved when the last of them was.
create table course_completions as
with whole as (
    select course, count(*) as activities from assessments group by course
)
select k.learner, k.course, max(k.day) as day,
       if(
           bool_or(k.provenance = 'manual'),
           'manual',
           arg_max(k.provenance, row(k.day, k.id))
       ) as provenance,
       sum((k.score * 1000000)::hugeint) as millionths,
       count(k.score) as scores
from completed k
join whole w using (course)
group by k.learner, k.course, w.activities
having count(*) = w.activities;

-- Who failed and is still enrolled is reset, if anything was ever handed in (R5).
create table resets as
select learner, course
from registrations r
where result = 'Fail' and gone is null
  and exists (select 1 from handed h where h.learner = r.learner and h.course = r.course);
