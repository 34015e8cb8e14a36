"""Which page a request says it comes from."""

from __future__ import annotations

from scrapy import Request
from scrapy.http import Response
from scrapy.spidermiddlewares import referer


class RefererMiddleware(referer.RefererMiddleware):
    """Scrapy's middleware, but it works nothing out for requests that say it themselves, as those for pictures do."""

    def get_processed_request(self, request: Request, response: Response | None) -> Request | None:
        """The request, with a Referer if its policy allows one."""
        return request if b"Referer" in request.headers else super().get_processed_request(request, response)
