-- Those that nobody is at.
select i.school, i.import
from imports i
where
    i.created_at < $1 and i.state = 'checked' and not exists (
        select from import_runs r
        where r.school = i.school and r.import = i.import and r.state = 'asked'
    )
limit $2
