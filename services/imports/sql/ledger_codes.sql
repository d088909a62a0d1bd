select code, count(*), max(whole_file), harmless from problems group by code, harmless order by code
