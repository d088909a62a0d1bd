-- Of uploads that were cut off between their pieces and their import.
delete from import_pieces p
where p.kept_at < $1 and not exists (select from imports i where i.upload = p.upload)
