select distinct application_name
from pg_stat_activity
where datname = current_database()
  and application_name like 'coursemark %'
  and application_name <> 'coursemark command'
order by application_name
