select
    count(*) as rows,
    count(distinct learner) as learners,
    count(distinct course) as courses,
    ifnull(sum(completed), 0) as completions,
    ifnull(sum(not completed), 0) as enrolments,
    (select count(*) from refused) as refused,
    (
        select count(distinct user) from people
        where not known and line not in (select line from refused)
    ) as new_people,
    (
        select count(distinct user) from people
        where known and line not in (select line from refused)
    ) as tagged
from rows
