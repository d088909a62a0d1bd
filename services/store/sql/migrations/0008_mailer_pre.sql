-- What a user's e-mails are written in; none: the school's language.
alter table users add column language text;
alter table schools add column language text;

-- The ledger of e-mails, written before anything is sent and kept for ever: who is in it is not
-- written to again. It holds ids, marks and titles; the address is the directory's.
create table mails (
    mail_id uuid primary key,
    school text collate "C" not null,
    recipient text collate "C" not null,
    kind text not null check (kind in ('completion', 'endpoint_disabled')),
    course text collate "C",
    attempt bigint,
    notice jsonb not null,
    message_id text not null,
    unsubscribe uuid not null unique default gen_random_uuid(),
    state text not null default 'intended' check (state in (
        'intended', 'sending', 'sent', 'failed', 'unclear', 'no_address', 'suppressed'
    )),
    tries integer not null default 0,
    resends integer not null default 0,
    next_at timestamptz not null,
    lease uuid,
    leased_until timestamptz,
    intended_at timestamptz not null,
    changed_at timestamptz not null,
    code text,
    answer text,
    template text,
    check ((kind = 'completion') = (course is not null and attempt is not null))
);
create unique index mails_once_per_attempt on mails (school, recipient, course, attempt)
where kind = 'completion';
create index mails_due on mails (next_at) where state = 'intended';
create index mails_under_way on mails (leased_until) where state = 'sending';
create index mails_of_school on mails (school, intended_at);

-- Notices for a school's administrators that were turned into e-mails, so that one which comes
-- again does not reach whoever became an administrator since.
create table mail_notices (
    school text collate "C" not null,
    notice_id text collate "C" not null,
    recipients integer not null,
    noted_at timestamptz not null,
    primary key (school, notice_id)
);

-- What a school writes in place of the packaged templates; the language in lower case.
create table mail_templates (
    school text collate "C" not null,
    kind text not null,
    language text collate "C" not null,
    subject text not null,
    html text not null,
    text text not null,
    changed_at timestamptz not null,
    problem text,
    problem_at timestamptz,
    primary key (school, kind, language)
);

create table mail_suppressions (
    school text collate "C" not null,
    user_id text collate "C" not null,
    since timestamptz not null,
    cause text not null check (cause in ('administrator', 'unsubscribed')),
    primary key (school, user_id)
);

-- Whom a school's e-mails come from, where that is not the installation's sender.
create table mail_senders (
    school text collate "C" primary key,
    address text not null,
    name text
);
