do $$
begin
    execute format('create schema %I', current_setting('coursemark.view'));
end
$$
