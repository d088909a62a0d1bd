-- Until the transaction ends, unqualified names mean the view's tables first.
select set_config('search_path', format('%I, %s', $1::text, current_setting('search_path')), true)
