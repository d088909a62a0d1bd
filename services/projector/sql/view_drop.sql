-- Waiting for a reader's lock with a transaction id would hold every follower back.
do $$
begin
    set local lock_timeout = '200ms';
    set local client_min_messages = 'warning';
    execute format('drop schema if exists %I cascade', current_setting('coursemark.view'));
end
$$
