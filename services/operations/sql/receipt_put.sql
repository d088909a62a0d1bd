insert into receipts (school, command_id, fingerprint, result) values ($1, $2, $3, $4)
