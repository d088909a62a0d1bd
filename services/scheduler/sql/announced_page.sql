-- The next learners of a course, at most $6, and of these who is enrolled and completed it in that
-- time. Where the page ends stands on every row, so that one without any is passed too. The limit
-- comes before the filter: what one statement reads is bounded.
with page as materialized (
    select learner, version, enrolled, attempt, completed_at
    from progress.courses
    where school = $1 and course = $2 and learner > $3
    order by learner
    limit $6
)
select ending.learner as ends_with, page.learner, page.version, page.attempt, page.completed_at
from (select max(learner) as learner from page) as ending
left join page on page.enrolled and page.completed_at between $4 and $5
where ending.learner is not null
order by page.learner
