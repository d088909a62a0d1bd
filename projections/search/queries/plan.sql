-- A plan is made for the values at hand: how rare what is asked for is decides where to begin. And
-- one page takes one core, so that searches do not take turns in stopping each other.
select set_config('plan_cache_mode', 'force_custom_plan', true),
       set_config('max_parallel_workers_per_gather', '0', true)
