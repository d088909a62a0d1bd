-- Lines held against each other: whatever the order of the file, the same of them go.
create table conflicts as
select line, min(coalesce(nullif(first_line, line), next_line)) as other
from (
    select
        line,
        first_value(line) over same as first_line,
        lead(line) over same as next_line,
        min(content) over alike <> max(content) over alike as differs
    from (
        select
            *,
            json_array(completed_at, enrolled_at, score, reason, note) as content
        from entries
        where line not in (select line from refused)
    )
    window
        alike as (partition by learner, course, activity, completed),
        same as (partition by learner, course, activity, completed order by line)
)
where differs
group by line;

insert into problems
select
    line, null, 'conflicting_rows',
    'This line and line ' || other || ' say different things of one learner, course and activity; '
    || 'keep one of them.',
    0, 0
from conflicts;
insert or ignore into refused select line from conflicts;

-- One learner begins one course once.
create table beginnings as
select
    learner, course, min(line) as first_line, max(line) as last_line, max(enrolled_at) as enrolled_at
from entries
where enrolled_at is not null and line not in (select line from refused)
group by learner, course
having min(enrolled_at) <> max(enrolled_at);
insert into problems
select
    e.line, :enrolled_at, 'conflicting_enrolments',
    'This line and line ' || iif(e.line = b.first_line, b.last_line, b.first_line)
    || ' give different days of one enrolment; give the same on each.',
    0, 0
from beginnings b
join entries e on e.learner = b.learner and e.course = b.course
where e.enrolled_at is not null and e.line not in (select line from refused);
insert or ignore into refused
select e.line
from beginnings b
join entries e on e.learner = b.learner and e.course = b.course
where e.enrolled_at is not null;

-- Who is new has one name, one address and one id.
create table doubtful as
select user, first_line
from (
    select user, min(line) as first_line
    from people
    where not known and line not in (select line from refused)
    group by user
    having count(distinct nullif(name, '')) > 1 or count(distinct lower(email)) > 1
    union
    select p.user, t.first_line
    from people p
    join (
        select lower(email) as email, min(line) as first_line
        from people
        where not known and line not in (select line from refused)
        group by lower(email)
        having count(distinct user) > 1
    ) t on lower(p.email) = t.email
    where not p.known
);
insert into problems
select
    p.line, null, 'conflicting_person',
    'This line and others (line ' || min(d.first_line) || ' is one) give a new person different '
    || 'names, addresses or ids; give the same on each.',
    0, 0
from people p
join doubtful d on d.user = p.user
where not p.known and p.line not in (select line from refused)
group by p.line;
insert or ignore into refused
select p.line from people p join doubtful d on d.user = p.user where not p.known;

-- What is left says the same wherever it is said again.
create table rows as
select
    min(line) as line,
    learner,
    course,
    activity,
    completed,
    max(completed_at) as completed_at,
    max(max(enrolled_at)) over (partition by learner, course) as enrolled_at,
    max(score) as score,
    max(reason) as reason,
    max(note) as note
from entries
where line not in (select line from refused)
group by learner, course, activity, completed
order by learner, course, completed, activity;

insert into problems
select
    line, null, 'duplicate_line',
    'The line says what line ' || first_line || ' says; once counts.',
    0, 1
from (
    select
        line,
        min(line) over (partition by learner, course, activity, completed) as first_line
    from entries
    where line not in (select line from refused)
)
where line <> first_line
group by line;
delete from entries;
