select e.school, e.user_id
from unnest($1::text[], $2::text[]) as wanted (school, user_id)
join erasures e on e.school = wanted.school and e.user_id = wanted.user_id
