-- A plan is made for the values at hand: how rare what is asked for is decides where to begin.
select set_config('plan_cache_mode', 'force_custom_plan', true)
