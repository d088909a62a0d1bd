select content from import_pieces where upload = $1 and piece = $2
