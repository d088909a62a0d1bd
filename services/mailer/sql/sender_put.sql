insert into mail_senders (school, address, name) values ($1, $2, $3)
on conflict (school) do update set address = excluded.address, name = excluded.name
