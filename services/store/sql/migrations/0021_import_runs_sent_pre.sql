-- What was sent of a run; null: nothing yet, or by a version before this.
alter table import_runs add column parts integer;   -- messages of its operation
alter table import_runs add column users integer;   -- users written into the directory before
