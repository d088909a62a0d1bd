-- Imports look people up by address and by name, capitals or not; old previews are swept.
create index users_by_email on users (school, lower(email)) where email is not null;
create index users_by_name on users (school, lower(name)) where name is not null;
create index operations_previews on operations (ended_at) where dry_run and ended_at is not null;
