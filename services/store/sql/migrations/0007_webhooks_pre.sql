-- What a school allows its endpoints; a school that is not here allows nothing special.
create table webhook_schools (
    school text collate "C" primary key,
    allow_private boolean not null default false
);

-- Whom a school wants told. Arrays that are null let everything through.
create table webhook_endpoints (
    endpoint text collate "C" primary key,
    school text collate "C" not null,
    kind text not null check (kind in ('webhook', 'zapier')),
    url text not null,
    description text,
    triggers text[],
    courses text[],
    completions text not null check (completions in ('all', 'manual', 'not_manual')),
    ordered boolean not null,
    concurrency integer not null check (concurrency between 1 and 100),
    rate double precision check (rate > 0),
    created_at timestamptz not null,
    state text not null default 'enabled' check (state in ('enabled', 'disabled')),
    cause text check (cause in ('administrator', 'gone', 'failing')),
    disabled_at timestamptz,
    failing_since timestamptz,
    notice_due boolean not null default false,
    check ((state = 'disabled') = (cause is not null and disabled_at is not null))
);
create index webhook_endpoints_of_school on webhook_endpoints (school, kind);
create index webhook_endpoints_notices on webhook_endpoints (endpoint) where notice_due;

-- Needed to sign, so they cannot be hashed. The newest has no end; older ones sign until theirs.
create table webhook_secrets (
    endpoint text collate "C" not null references webhook_endpoints on delete cascade,
    secret bytea not null check (length(secret) between 24 and 64),
    created_at timestamptz not null,
    expires_at timestamptz,
    primary key (endpoint, secret)
);

-- Which dispatcher has an endpoint, and how the endpoint does: apart from the endpoint itself,
-- because it changes all the time.
create table webhook_turns (
    endpoint text collate "C" primary key references webhook_endpoints on delete cascade,
    lease uuid,
    leased_until timestamptz,
    ended_at timestamptz not null default '-infinity',
    failures integer not null default 0,
    failing_since timestamptz,
    open_until timestamptz
) with (fillfactor = 50);

-- What came on Kafka and somebody wanted: once, however many endpoints want it. No names.
create table webhook_messages (
    seq bigint generated always as identity primary key,
    school text collate "C" not null,
    kind text not null,
    message text collate "C" not null,
    learner text collate "C" not null,
    trigger text not null,
    body bytea not null,
    received_at timestamptz not null,
    unique (school, kind, message)
);
create index webhook_messages_by_age on webhook_messages using brin (received_at);

-- One message for one endpoint. `key` is the learner where the endpoint wants order, or null. No
-- foreign keys here and below: a check for each row costs more than the row.
create table webhook_deliveries (
    endpoint text collate "C" not null,
    seq bigint not null,
    key text collate "C",
    state text not null check (state in ('pending', 'delivered', 'parked')),
    attempts integer not null default 0,
    next_at timestamptz not null,
    changed_at timestamptz not null,
    code text,
    primary key (endpoint, seq)
);
create index webhook_deliveries_due on webhook_deliveries (endpoint, next_at, seq)
where state = 'pending';
create index webhook_deliveries_keys on webhook_deliveries (endpoint, key, seq)
where state = 'pending' and key is not null;
create index webhook_deliveries_parked on webhook_deliveries (endpoint, seq)
where state = 'parked';

-- Every attempt: when, what was answered, how long it took. `answer` is the body's beginning.
create table webhook_attempts (
    endpoint text collate "C" not null,
    seq bigint not null,
    at timestamptz not null,
    status integer,
    code text,
    milliseconds integer not null,
    answer bytea
);
create index webhook_attempts_of_delivery on webhook_attempts (endpoint, seq);
create index webhook_attempts_by_age on webhook_attempts using brin (at);
