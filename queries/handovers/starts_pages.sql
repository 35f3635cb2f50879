-- The pages of services, with the service of each.
select page.page, page.host, page.path, service.slug
from page
join service on service.service = page.service
where not page.mark
order by page.page
