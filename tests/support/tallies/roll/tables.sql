create table learners (
    school text collate "C" not null,
    learner text collate "C" not null,
    course text collate "C" not null,
    enrolled boolean not null,
    structure_version bigint not null,
    primary key (school, learner, course)
);
create table enrolled (
    school text collate "C" not null,
    course text collate "C" not null,
    learners bigint not null,
    primary key (school, course)
);
