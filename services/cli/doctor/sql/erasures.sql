select count(*) from erasures where ended_at is null
