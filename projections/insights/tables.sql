-- What has been counted of a learner in a course, so that nobody is counted twice.
create table learners (
    school text collate "C" not null,
    learner text collate "C" not null,
    course text collate "C" not null,
    began_at timestamptz,
    attempt_completed boolean not null,
    enrolled boolean not null,
    completed boolean not null,
    primary key (school, learner, course)
) with (fillfactor = 50);

-- Versions of the first event that is the learner's own, and of the first completion.
create table activities (
    school text collate "C" not null,
    learner text collate "C" not null,
    course text collate "C" not null,
    activity text collate "C" not null,
    own bigint,
    completed bigint,
    primary key (school, learner, course, activity)
) with (fillfactor = 50);

-- Learners who ever were enrolled, started, completed; each once, however many attempts. Sums of 0
-- are as no row: all that was counted was undone.
create table funnel (
    school text collate "C" not null,
    course text collate "C" not null,
    enrolled bigint not null,
    started bigint not null,
    completed bigint not null,
    primary key (school, course)
) with (fillfactor = 50);

create table activity_funnel (
    school text collate "C" not null,
    course text collate "C" not null,
    activity text collate "C" not null,
    started bigint not null,
    completed bigint not null,
    primary key (school, course, activity)
) with (fillfactor = 50);

-- Scores by bucket, which is named by its lowest points. `scored` is course (its average at each
-- completion), activity (at each completion) or submission; activity is empty for a course, and
-- provenance for a submission. The sum in millionths of a point is exact: a mean of it is too.
create table scores (
    school text collate "C" not null,
    course text collate "C" not null,
    scored text collate "C" not null,
    activity text collate "C" not null,
    provenance text collate "C" not null,
    bucket integer not null,
    number bigint not null,
    millionths bigint not null,
    primary key (school, course, scored, activity, provenance, bucket)
) with (fillfactor = 50);

-- Completed attempts by the whole days from the beginning of the attempt to its completion.
create table days (
    school text collate "C" not null,
    course text collate "C" not null,
    days integer not null,
    attempts bigint not null,
    primary key (school, course, days)
) with (fillfactor = 50);
