select u.school, u.user_id, u.role_level
from unnest($1::text[], $2::text[]) as wanted (school, user_id)
join users u on u.school = wanted.school and u.user_id = wanted.user_id
