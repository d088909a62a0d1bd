-- What a school asks of its administrators; null is no limit, and a school that is not here has none.
create table school_policies (
    school text collate "C" primary key,
    max_backdating_days integer check (max_backdating_days >= 0),
    max_import_backdating_days integer check (max_import_backdating_days >= 0),
    reasons text[] check (cardinality(reasons) > 0),
    note_required boolean not null default false,
    four_eyes_above integer check (four_eyes_above >= 0)
);

-- A search under a name; its criteria as services/views/search/criteria.py reads them.
create table saved_searches (
    school text collate "C" not null,
    name text collate "C" not null,
    criteria jsonb not null,
    created_by text,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    primary key (school, name)
);
