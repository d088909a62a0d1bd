-- Certificates that were ever awarded, and not undone; `awarded_at` is when they were achieved.
create table awards (
    school text collate "C" not null,
    learner text collate "C" not null,
    course text collate "C" not null,
    version bigint not null,
    activity text collate "C" not null,
    attempt integer not null,
    awarded_at timestamptz not null,
    recorded_at timestamptz not null,
    provenance text not null,
    score double precision,
    actor text,
    manually boolean not null generated always as (provenance = 'manual') stored,
    primary key (school, learner, course, version)
);
