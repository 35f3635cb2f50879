-- The tables of a segment. One segment holds one account and one London day, or one calendar month.
-- Sessions, visitors and pages have dense numbers from 1, local to the segment; 0 means "none".
-- Device and channel count from 1 in the order of data.contract; kinds of events from 0 (page_view, which is no event).
create table page (              -- one row per page, or from each day on which its words or owner changed; by host, path, day
    page uinteger, key bigint,   -- key: the same page in every segment
    host varchar, path varchar, title varchar, document_type varchar, taxon varchar, step_by_step varchar,
    owner_then utinyint, owner_now utinyint, tagged_then ubigint, tagged_now ubigint, service usmallint,
    mark boolean                 -- "(not shared)": a step, never a page view of a set
);
create table session (           -- one row per session, numbered in random order; page_views are without marks
    -- departments: bit n for department n, bit 0 for "No owner"
    -- visitor: as the month knows it; visitor_seconds: since the visitor's first page view of the month, or in an open one
    -- of the days that were there when it was first seen, so it may be negative
    -- ended: 0 nothing more seen, 1 clicked out to ended_host, 2 downloaded, 3 went to a host that isn't shared
    -- cut: started again after two days, had too many page views, or lies at a midnight that can't be looked across
    session uinteger, day date, device utinyint, channel utinyint, country usmallint,
    landing uinteger, exit uinteger, page_views usmallint, steps usmallint,
    visitor uinteger, visitor_seconds integer,
    departments_then ubigint, departments_now ubigint,
    ended utinyint, ended_host uinteger, timed boolean, cut boolean
);
create table page_view (         -- one row per page view or mark, by session, position
    session uinteger, position usmallint, page uinteger, seconds uinteger, status usmallint
);
create table page_view_by_page ( -- the same by page, in the order of data.segment.views: a covering inverted index
    page uinteger, session uinteger, position usmallint, seconds uinteger,
    day date, device utinyint, channel utinyint, country usmallint, ended utinyint, ended_host uinteger,
    reload_before boolean, reload_after boolean,   -- the view before or after in the session is of the same page
    first_of_page boolean, last_of_page boolean, timed boolean,
    next_1 uinteger, next_2 uinteger, next_3 uinteger, next_4 uinteger, next_5 uinteger, next_6 uinteger,
    next_1_seconds uinteger, next_2_seconds uinteger, next_3_seconds uinteger,
    next_4_seconds uinteger, next_5_seconds uinteger, next_6_seconds uinteger,
    previous_1 uinteger, previous_2 uinteger, previous_3 uinteger,
    previous_4 uinteger, previous_5 uinteger, previous_6 uinteger,
    previous_1_seconds uinteger, previous_2_seconds uinteger, previous_3_seconds uinteger,
    previous_4_seconds uinteger, previous_5_seconds uinteger, previous_6_seconds uinteger
);
create table event (             -- one row per other event, by session, position of the page view it followed, or 0
    kind utinyint, session uinteger, position usmallint, page uinteger, value uinteger
);
create table value (value uinteger, text varchar);          -- terms, hosts, files, errors; 0: nothing, or a rare term
create table country (country usmallint, name varchar);
create table service (service usmallint, slug varchar);
create table outbound_host (host uinteger, name varchar);   -- of session.ended_host
create table estate_day (        -- one row per day, device, channel; landings and exits at marks are nobody's
    day date, device utinyint, channel utinyint, sessions uinteger, page_views uinteger, landings uinteger,
    exits uinteger, single_page uinteger, searches uinteger, searching_sessions uinteger
);
create table department_day_then (day date, department utinyint, device utinyint, channel utinyint,
    sessions uinteger, page_views uinteger, landings uinteger, exits uinteger, single_page uinteger,
    searches uinteger, searching_sessions uinteger);
create table department_day_now as from department_day_then;
create table service_day (day date, service usmallint, device utinyint, channel utinyint,
    sessions uinteger, page_views uinteger, landings uinteger, exits uinteger, single_page uinteger,
    searches uinteger, searching_sessions uinteger);
create table page_day (          -- one row per page and day
    page uinteger, day date, sessions uinteger, page_views uinteger, landings uinteger, exits uinteger,
    single_page uinteger, not_found uinteger, searches uinteger
);
create table handover_day (day date, structure_now boolean, from_department utinyint, to_department utinyint,
    sessions uinteger, steps uinteger);
create table term_day (day date, term uinteger, searches uinteger);   -- of an open month: with its visitors, not in its days
-- Of an open month; day: the one by which the sessions of a segment are over.
create table term_link (         -- which of its terms a value of a segment's searches is; none where it is rare
    day date, value uinteger, term uinteger
);
-- Visitors of a slice (estate, department as then, service) on a day, by the day they were last seen there in the month,
-- 1970-01-01 for never. Only in segments of a month, and in those of kind "visitors", which hold nothing else.
create table visitor_days (
    day date, previous_day date, slice varchar, number usmallint, visitors uinteger
);
-- What services return of themselves, one row a figure, as data.contract.RETURNED says. Only in segments of kind "returns".
create table service_return (
    service varchar, title varchar, department varchar, agency varchar, first date, last date, measure varchar,
    channel varchar, value double, own boolean   -- own: sent by a department, and not by GDS for it
);
-- What analytics tools report in sums, one row a figure, as data.contract.REPORTED says. Only in segments of kind "reports".
create table page_report (
    department varchar, first date, last date, what varchar, host varchar, path varchar, measure varchar, value bigint,
    doubt varchar                -- what the report says against itself: sampled, cut short
);
