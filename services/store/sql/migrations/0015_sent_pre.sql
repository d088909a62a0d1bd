-- Which operation a message is of, so that what was sent because of it is found without reading
-- every message of the school. Null: of none, or it came before this column.
alter table webhook_messages add column batch text collate "C";
create index webhook_messages_of_batch on webhook_messages (school, batch) where batch is not null;
