delete from import_pieces where upload = $1
