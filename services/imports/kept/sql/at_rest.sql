-- Whether there is an import that nobody is at.
select exists (
    select from imports i
    where
        i.school = $1 and i.import = $2 and i.state = 'checked' and not exists (
            select from import_runs r
            where r.school = $1 and r.import = $2 and r.state = 'asked'
        )
)
