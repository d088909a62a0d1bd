-- The file that is no longer needed; its pieces go with it.
with gone as (
    update imports i set upload = null
    from (select upload from imports where school = $1 and import = $2 for update) was
    where i.school = $1 and i.import = $2 and was.upload is not null
    returning was.upload
)
delete from import_pieces p using gone where p.upload = gone.upload
