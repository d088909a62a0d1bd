select projection from projection_cursors where log = $1 and starts_with(projection, $2)
