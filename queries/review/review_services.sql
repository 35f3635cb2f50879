-- One row per day and service: the sessions that saw any of its pages.
select service_day.day, service.slug as name, sum(service_day.sessions)::bigint as hits
from service_day
join service on service.service = service_day.service
group by service_day.day, service.slug
order by service_day.day, service.slug
