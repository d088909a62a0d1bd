-- The users of a school with these addresses, given in lower case.
select user_id, lower(email) from users
where school = $1 and lower(email) = any ($2::text[])
order by user_id
