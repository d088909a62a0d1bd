-- Where a learner stands in a course; "Manually" is a column of the provenance's (M6).
-- Half of each page is left free: a bulk command updates all rows of a page at once, and then no
-- update has to touch an index.
create table courses (
    school text collate "C" not null,
    learner text collate "C" not null,
    course text collate "C" not null,
    version bigint not null,
    structure_version bigint not null,
    enrolled boolean not null,
    enrolled_at timestamptz,
    attempt integer not null,
    status text not null,
    progress_rate double precision not null,
    completed_required integer not null,
    required integer not null,
    average_score double precision,
    time_spent bigint not null,
    time_spent_ever bigint not null,
    provenance text,
    completed_at timestamptz,
    emailed boolean not null,
    manually_completed boolean not null
        generated always as (coalesce(provenance = 'manual', false)) stored,
    primary key (school, learner, course)
) with (fillfactor = 50);
create index courses_of_course on courses (school, course, learner);

-- Activities with anything recorded in the current attempt, or with time ever spent on them.
create table activities (
    school text collate "C" not null,
    learner text collate "C" not null,
    course text collate "C" not null,
    activity text collate "C" not null,
    recorded boolean not null,
    visited boolean not null,
    joined boolean not null,
    claimed boolean not null,
    submitted boolean not null,
    score double precision,
    time_spent bigint not null,
    time_spent_ever bigint not null,
    provenance text,
    completed_at timestamptz,
    manually_completed boolean not null
        generated always as (coalesce(provenance = 'manual', false)) stored,
    primary key (school, learner, course, activity)
) with (fillfactor = 50);

-- Attempts that a reset of the whole course closed (R4).
create table attempts (
    school text collate "C" not null,
    learner text collate "C" not null,
    course text collate "C" not null,
    attempt integer not null,
    status text not null,
    average_score double precision,
    time_spent bigint not null,
    provenance text,
    completed_at timestamptz,
    closed_at timestamptz not null,
    manually_completed boolean not null
        generated always as (coalesce(provenance = 'manual', false)) stored,
    primary key (school, learner, course, attempt)
);
create table attempt_activities (
    school text collate "C" not null,
    learner text collate "C" not null,
    course text collate "C" not null,
    attempt integer not null,
    activity text collate "C" not null,
    score double precision,
    time_spent bigint not null,
    provenance text,
    completed_at timestamptz,
    manually_completed boolean not null
        generated always as (coalesce(provenance = 'manual', false)) stored,
    primary key (school, learner, course, attempt, activity)
);
