-- The first schema of the search path, where it is not there yet.
do $$
begin
    execute format(
        'create schema if not exists %I', split_part(current_setting('search_path'), ',', 1)
    );
end
$$
