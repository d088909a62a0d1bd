-- The user of the school in whose name a token asks; their role decides what it may do.
alter table api_tokens add column actor text collate "C";
