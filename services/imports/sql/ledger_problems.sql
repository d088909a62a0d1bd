select line, heading, code, message, whole_file, harmless
from problems
order by line is not null, line, rowid
