-- Who may ask over HTTP in a school's name. Only a digest of each token is kept.
create table api_tokens (
    token_id text collate "C" primary key,
    school text collate "C" not null,
    name text not null,
    digest bytea not null unique check (length(digest) = 32),
    scopes text[] not null,
    created_at timestamptz not null,
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz
);
create index api_tokens_of_school on api_tokens (school, created_at);
