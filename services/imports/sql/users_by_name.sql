-- The users of a school with these names, given in lower case.
select user_id, lower(name) from users
where school = $1 and lower(name) = any ($2::text[])
order by user_id
