-- `generation` rises with each swap of a view, so that nobody goes on writing with what they
-- knew of the old one. `error` is why a projection has stopped; none while it follows.
alter table projection_cursors
    add column generation integer not null default 0,
    add column error text,
    add column failed_at timestamptz;
