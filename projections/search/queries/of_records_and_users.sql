select distinct r.learner
from search.records r
join users u on u.school = r.school and u.user_id = r.learner
where r.school = :school and r.learner > :after and u.user_id > :after
