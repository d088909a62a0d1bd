-- Users, and learners whom the directory knows no longer. Each half is bounded, so that neither is
-- read to its end.
select learner
from (
    (
        select user_id as learner
        from users
        where school = :school and user_id > :after
        order by user_id
        limit :most
    )
    union
    (
        select distinct learner
        from search.records
        where school = :school and learner > :after
        order by learner
        limit :most
    )
) everybody
