-- Renames lock no table: who reads the old one reads on.
do $$
declare
    view text := current_setting('coursemark.view');
begin
    if exists (select from pg_namespace where nspname = view) then
        execute format('alter schema %I rename to %I', view, current_setting('coursemark.old'));
    end if;
    execute format('alter schema %I rename to %I', view || '_rebuild', view);
end
$$
