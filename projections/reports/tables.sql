-- Seconds ever spent, by learner, course, activity and month (its first day, in UTC). They only
-- grow: a reset takes nothing away (R3).
create table time_spent (
    school text collate "C" not null,
    learner text collate "C" not null,
    course text collate "C" not null,
    activity text collate "C" not null,
    month date not null,
    seconds bigint not null,
    primary key (school, learner, course, activity, month)
) with (fillfactor = 50);
create index time_spent_of_course on time_spent (school, course, learner);

-- The same over all learners.
create table time_totals (
    school text collate "C" not null,
    course text collate "C" not null,
    activity text collate "C" not null,
    month date not null,
    seconds bigint not null,
    primary key (school, course, activity, month)
) with (fillfactor = 50);

-- How often something happened on a day (in UTC) that was not undone; provenance and administrator
-- are empty where there is none. A number of 0 is as no row.
create table daily (
    school text collate "C" not null,
    kind text collate "C" not null,
    day date not null,
    course text collate "C" not null,
    provenance text collate "C" not null,
    administrator text collate "C" not null,
    number bigint not null,
    primary key (school, kind, day, course, provenance, administrator)
) with (fillfactor = 50);
