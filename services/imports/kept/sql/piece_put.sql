insert into import_pieces (upload, piece, content, kept_at) values ($1, $2, $3, $4)
