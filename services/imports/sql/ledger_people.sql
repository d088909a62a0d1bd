select user, known, max(name), max(email), json_group_array(tags)
from people
where line not in (select line from refused)
group by user, known
order by user
