-- The first schema of the search path, where it is not there yet.
do $$
begin
    execute format('create schema if not exists %I', current_setting('search_path'));
end
$$
