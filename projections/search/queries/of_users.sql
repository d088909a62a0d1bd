select u.user_id as learner
from users u
where u.school = :school and u.user_id > :after
