-- A row for every enrolment with every completion of a learner in a course, R3: none is ever
-- taken away. What is so now stands in each row. Times in UTC, rates in per cent; `active_on` is
-- -infinity where the learner never did anything.
-- A search in order of learners reads the first index alone, and stops when it has counted enough;
-- one that finds few begins at another. Indexes alone are enough while the map of visible pages is
-- fresh: so vacuum when one row in two hundred has changed.
create table records (
    school text collate "C" not null,
    learner text collate "C" not null,
    course text collate "C" not null,
    enrolment integer not null,
    completion integer not null,
    enrolled boolean not null,
    attempt integer not null,
    status text collate "C" not null,
    progress_rate double precision not null,
    active_on date not null,
    enrolled_at timestamptz,
    completed_attempt integer,
    completed_at timestamptz,
    provenance text collate "C",
    manually_completed boolean generated always as (provenance = 'manual') stored,
    primary key (school, learner, course, enrolment, completion)
        include (
            status, progress_rate, attempt, active_on, enrolled_at, completed_at,
            manually_completed
        )
) with (
    fillfactor = 80,
    autovacuum_vacuum_scale_factor = 0.005,
    autovacuum_vacuum_insert_scale_factor = 0.005,
    autovacuum_analyze_scale_factor = 0.005
);
create index records_of_course on records (school, course, learner)
    include (
        status, progress_rate, attempt, active_on, enrolled_at, completed_at, manually_completed
    );
create index records_by_progress on records (school, status, progress_rate, learner);
create index records_by_completion on records (school, status, completed_at, learner)
    include (manually_completed) where completed_at is not null;
create index records_by_enrolment on records (school, enrolled_at, learner) include (completed_at);
create index records_by_activity on records (school, active_on, learner);
create index records_by_attempt on records (school, attempt, progress_rate, learner)
    where attempt > 1;
-- "Completed, at 20 per cent" is rare though either is common.
create statistics standing (mcv) on status, progress_rate, attempt from records;

-- Activities recorded in the current attempt, not complete and complete: ids in order, with /
-- between, which no id has. They restore the state; a search does not read them.
create table marks (
    school text collate "C" not null,
    learner text collate "C" not null,
    course text collate "C" not null,
    open text collate "C" not null,
    done text collate "C" not null,
    primary key (school, learner, course)
) with (fillfactor = 50);
