-- How many learners there are, up to the most that are counted, and the first of them: one pass.
with found as materialized (
    {learners}
    order by learner
    limit :most
)
select (select count(*) from found), array(select learner from found order by learner limit :wanted)
