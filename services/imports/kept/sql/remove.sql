-- All that is kept of an import, unless it is being checked or run: whoever is at it writes to it.
with gone as (
    delete from imports i
    where
        i.school = $1 and i.import = $2 and i.state = 'checked' and not exists (
            select from import_runs r
            where r.school = $1 and r.import = $2 and r.state = 'asked'
        )
    returning i.upload
), pieces as (
    delete from import_pieces p using gone where p.upload = gone.upload
)
select count(*) from gone
