-- The same, and the commit does not wait for the disk: rows and cursor are kept or lost together,
-- and what a crash takes is worked out again from the log, whose own commits always wait.
select set_config('search_path', format('%I, %s', $1::text, current_setting('search_path')), true),
       set_config('synchronous_commit', 'off', true)
