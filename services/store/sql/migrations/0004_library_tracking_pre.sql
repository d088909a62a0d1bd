-- How far the eventsourcing library's own projections have come.
create table notification_tracking (
    application_name text collate "C" primary key,
    notification_id bigint not null
);
