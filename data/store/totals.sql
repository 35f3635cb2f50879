-- totals: what the tables of a segment hold, counted more than one way; the ways must agree (see balances.py).
with session_totals as (
    select
        count(*) as sessions, sum(page_views) as page_views, sum(steps) as steps,
        count(*) filter (landing > 0) as landings, count(*) filter (exit > 0) as exits,
        sum(bit_count(departments_then)) as sessions_of_departments_then,
        sum(bit_count(departments_now)) as sessions_of_departments_now
    from session
),
view_totals as (select count(*) as views, count(*) filter (position = 1) as first_views from page_view),
by_page_totals as (
    select
        count(*) as views_by_page, count(*) filter (mark) as marks, count(*) filter (service > 0) as service_views,
        count(*) filter (previous_1 > 0 and not reload_before) as moves_in, count(*) filter (reload_before) as loops_in,
        count(*) filter (position = 1) as landed, count(*) filter (not reload_before) as steps_by_page,
        count(*) filter (next_1 > 0 and not reload_after) as moves_out, count(*) filter (reload_after) as loops_out,
        count(*) filter (next_1 = 0 and not reload_after) as exited,
        count(*) filter (first_of_page and not mark) as sessions_by_page
    from page_view_by_page join page using (page)
),
event_totals as (select count(*) as events, count(*) filter (kind = 1) as searches from event),
day_totals as (
    select sum(sessions) as day_sessions, sum(page_views) as day_page_views,
        sum(searches) as day_searches from estate_day
),
then_totals as (select sum(sessions) as then_sessions, sum(page_views) as then_page_views from department_day_then),
now_totals as (select sum(sessions) as now_sessions, sum(page_views) as now_page_views from department_day_now),
service_totals as (select sum(page_views) as service_page_views from service_day),
page_totals as (select count(*) as pages from page),
page_day_totals as (
    select sum(page_views) as page_day_views, sum(sessions) as page_day_sessions from page_day
),
term_totals as (select sum(searches) as term_searches from term_day),
visitor_totals as (select sum(visitors) as visitor_days from visitor_days)
from session_totals, view_totals, by_page_totals, event_totals, day_totals, then_totals, now_totals, service_totals,
    page_totals, page_day_totals, term_totals, visitor_totals
