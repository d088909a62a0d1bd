-- Who these users of a school are, as far as the directory knows them today.
select user_id, role_level, role, name, email, tags, language
from users
where school = $1 and user_id = any ($2::text[])
