-- Which schema the next statement is about; until the transaction ends.
select set_config('coursemark.view', $1, true)
