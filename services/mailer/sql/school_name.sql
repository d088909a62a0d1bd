select name from schools where school = $1
