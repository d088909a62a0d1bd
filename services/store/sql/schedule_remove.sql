delete from schedules where school = $1 and schedule = $2 returning schedule
