-- The latest structure of each programme. Its stream is school/~programs/program: so `learner` is
-- ~programs, and `course` the programme's id. Ids of courses are joined by /, which no id holds: rows
-- are written by one array a column, and arrays in it would all have to be of one length.
create table structures (
    school text collate "C" not null,
    learner text collate "C" not null,
    course text collate "C" not null,
    program_version bigint not null,
    title text,
    courses text not null,
    required text not null,
    published_at timestamptz not null,
    primary key (school, learner, course)
);

-- Who has completed which programme: never taken back. The stream is school/learner/~programs.
create table awards (
    school text collate "C" not null,
    learner text collate "C" not null,
    course text collate "C" not null,
    version bigint not null,
    program text collate "C" not null,
    program_version bigint not null,
    required text[] not null,
    provenance text not null,
    cause text not null,
    recorded_at timestamptz not null,
    effective_at timestamptz not null,
    manually_completed boolean not null generated always as (provenance = 'manual') stored,
    primary key (school, learner, course, version)
);
create index awards_of_program on awards (school, program);
