select code, count(*) as number
from import_problems
where school = $1 and import = $2
group by code
order by code
