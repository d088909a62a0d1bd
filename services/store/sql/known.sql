-- Whether the log holds anything of a school, and of one of its courses; from the partial index
-- over first events.
select exists (
           select from stored_events
           where originator_version = 1 and split_part(originator_id, '/', 1) = $1
       ) as school,
       exists (
           select from stored_events
           where originator_version = 1 and split_part(originator_id, '/', 1) = $1
             and split_part(originator_id, '/', 3) = $2
             and split_part(originator_id, '/', 2) <> '~programs'
       ) as course
