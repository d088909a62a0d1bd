select distinct r.learner
from search.records r
where r.school = :school and r.learner > :after
