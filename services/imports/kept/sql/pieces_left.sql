-- Of uploads that were cut off between their pieces and their import; $2: at most so many.
delete from import_pieces
where (upload, piece) in (
    select p.upload, p.piece
    from import_pieces p
    where p.kept_at < $1 and not exists (select from imports i where i.upload = p.upload)
    limit $2
)
