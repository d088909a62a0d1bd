-- What rebuilds of a view have left: one that failed, and old views that were still being read.
select nspname
from pg_namespace
where nspname = $1 || '_rebuild' or nspname ~ ('^' || $1 || '_old_[0-9]+$')
