select user_id
from users
where school = $1 and tags @> $2::text[]
order by user_id
