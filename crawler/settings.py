"""Scrapy's settings for every crawl; `scrapy.cfg` names this module, `holdfast crawl` adds the user's own."""

from __future__ import annotations

from typing import Any

from crawler.archiving import ORDER
from workspace.settings import Settings

BOT_NAME = "holdfast"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"

TWISTED_REACTOR_ENABLED = False
ASYNCIO_EVENT_LOOP = "uvloop.Loop"
TELNETCONSOLE_ENABLED = False

DOWNLOAD_HANDLERS = {
    "http": "crawler.download.WireDownloadHandler",
    "https": "crawler.download.WireDownloadHandler",
}
DOWNLOADER_MIDDLEWARES = {
    "crawler.routing.RoutingMiddleware": 50,
    "crawler.archiving.ArchivingMiddleware": ORDER,
}

DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
    "Accept-Encoding": "gzip, deflate, br",
}
"""No zstd: pywb cannot replay it."""

CONCURRENT_ITEMS = 1
"""What a page leads to is only scheduled; more would be that many tasks for each page, with nothing to do."""

HTTPCACHE_ENABLED = False
METAREFRESH_ENABLED = False
"""Redirects by meta element are read, and followed, as pages of their own."""

DOWNLOAD_WARNSIZE = 0
LOG_LEVEL = "INFO"
LOG_FILE_APPEND = True


def of(settings: Settings) -> dict[str, Any]:
    """What the user's settings mean to Scrapy."""
    return {
        "USER_AGENT": settings.user_agent,
        "ROBOTSTXT_OBEY": settings.obey_robots,
        "DOWNLOAD_DELAY": settings.download_delay,
        "DOWNLOAD_DELAY_JITTER": 0.5 if settings.download_delay else 0,
        "CONCURRENT_REQUESTS": settings.concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": settings.concurrency_per_host,
        "AUTOTHROTTLE_ENABLED": settings.download_delay > 0,
        "AUTOTHROTTLE_START_DELAY": settings.download_delay,
        "DOWNLOAD_TIMEOUT": settings.timeout,
        "DOWNLOAD_MAXSIZE": settings.max_body_bytes,
    }
