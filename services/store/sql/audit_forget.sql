delete from audit_log
where (at, id) in (select at, id from audit_log where at < $1 order by at, id limit $2)
