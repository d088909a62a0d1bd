-- Saved searches by words each of which stands in the person's name or address: they may name them.
select s.name
from saved_searches s
join users u on u.school = s.school and u.user_id = $2
where s.school = $1 and s.criteria ->> 'text' is not null and not exists (
    select from regexp_split_to_table(btrim(s.criteria ->> 'text'), '\s+') as word
    where u.folded not like containing(word)
)
order by s.name
