create table days (
    school text collate "C" not null,
    day date not null,
    reports bigint not null,
    seconds bigint not null,
    primary key (school, day)
);
create table programs (
    school text collate "C" not null,
    program text collate "C" not null,
    completed bigint not null,
    primary key (school, program)
);
