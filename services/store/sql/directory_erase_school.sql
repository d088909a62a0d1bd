delete from schools where school = $1
