"""One Scrapy add-on that switches on all that a crawl of ours needs; `crawler.settings` names it."""

from __future__ import annotations

from typing import Any

from scrapy.exceptions import ResponseDataLossError
from scrapy.settings import BaseSettings

from crawler.fetching.download import UNREACHABLE
from crawler.plan import Seed, host_of
from workspace.settings import Settings

DECODING_ORDER = 590
"""That of Scrapy's HttpCompressionMiddleware."""

ARCHIVING_ORDER = 990
"""Above decoding, redirects (600) and retries (550): nothing has been touched yet."""

REFERRING_ORDER = 700
"""That of Scrapy's RefererMiddleware."""

HANDLER = "crawler.fetching.download.WireDownloadHandler"

NOT_ASKED = (
    "downloadtimeout.DownloadTimeoutMiddleware",
    "httpauth.HttpAuthMiddleware",
    # It would send a proxy's password to the sites: through a SOCKS or TLS tunnel the field goes all the way.
    "httpproxy.HttpProxyMiddleware",
    "offsite.OffsiteMiddleware",
    "stats.DownloaderStats",
)
"""Scrapy's downloader middlewares that have nothing to do here."""

NOT_COUNTED = ("corestats.CoreStats", "logcount.LogCount", "logstats.LogStats")
"""Scrapy's extensions that count what the session counts too."""

NOT_STEERED = ("telnet.TelnetConsole", "remote_control.RemoteControl")
"""Scrapy's extensions by which others steer a crawl: nobody but the user's own commands does. Taken off its list and
not only switched off, because it loads whatever is listed, these with Twisted's terminal and a web server.
"""

FIXED: dict[str, Any] = {
    # A cache, and redirects that Scrapy makes of meta elements, would answer without a record of the exchange.
    "HTTPCACHE_ENABLED": False,
    "METAREFRESH_ENABLED": False,
    # What a page leads to is only scheduled; more would be that many tasks for each page, with nothing to do.
    "CONCURRENT_ITEMS": 1,
    "SCHEDULER_DISK_QUEUE": "crawler.fetching.queues.RecentInMemory",
    # A WeChat page has 4 MB: with Scrapy's 5 MB no two could be read one after the other without a gap.
    "SCRAPER_SLOT_MAX_ACTIVE_SIZE": 32 * 2**20,
    "DOWNLOAD_WARNSIZE": 0,
    "RETRY_TIMES": 3,
    # What our handler raises; Scrapy's own list loads all of Twisted's HTTP, which nothing else here needs.
    "RETRY_EXCEPTIONS": [*UNREACHABLE, ResponseDataLossError, OSError],
    # What a crawl did is counted by its session.
    "STATS_CLASS": "scrapy.statscollectors.DummyStatsCollector",
    "REFERRER_POLICY": "strict-origin-when-cross-origin",
    # No zstd: pywb cannot replay it.
    "DEFAULT_REQUEST_HEADERS": {
        "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
        "Accept-Encoding": "gzip, deflate, br",
    },
}


class HoldfastAddon:
    """Puts the handler, the middlewares and the settings that archiving rests on in their places."""

    def update_settings(self, settings: BaseSettings) -> None:
        """As Scrapy calls it; what a project or the command line sets stays."""
        settings.setdict(FIXED, priority="addon")
        settings["DOWNLOAD_HANDLERS"].update({"http": HANDLER, "https": HANDLER})
        settings["DOWNLOADER_MIDDLEWARES"].update(
            {
                "crawler.fetching.routing.RoutingMiddleware": 50,
                "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
                "crawler.fetching.decoding.DecodingMiddleware": DECODING_ORDER,
                "crawler.fetching.conditional.ConditionalMiddleware": ARCHIVING_ORDER - 1,
                "crawler.fetching.archiving.ArchivingMiddleware": ARCHIVING_ORDER,
                # The archive itself is the record of what was fetched, and the handler keeps the time limit.
                **dict.fromkeys((f"scrapy.downloadermiddlewares.{name}" for name in NOT_ASKED), None),
            }
        )
        # Spiders bound depth themselves, no address is dropped for its length, and an error page is evidence.
        unwanted = (
            "depth.DepthMiddleware",
            "httperror.HttpErrorMiddleware",
            "metacopy.MetaCopyDetectionMiddleware",
            "referer.RefererMiddleware",
            "urllength.UrlLengthMiddleware",
        )
        settings["SPIDER_MIDDLEWARES"].update(
            {
                "crawler.fetching.referring.RefererMiddleware": REFERRING_ORDER,
                **dict.fromkeys((f"scrapy.spidermiddlewares.{name}" for name in unwanted), None),
            }
        )
        settings["EXTENSIONS"].update(
            {
                "crawler.fetching.throttle.SourceThrottle": 0,
                "scrapy.extensions.throttle.AutoThrottle": None,
                **dict.fromkeys((f"scrapy.extensions.{name}" for name in NOT_COUNTED), None),
            }
        )
        for name in NOT_STEERED:
            settings["EXTENSIONS_BASE"].pop(f"scrapy.extensions.{name}", None)


def of(settings: Settings, seeds: tuple[Seed, ...] = ()) -> dict[str, Any]:
    """What the user's settings, and the delays of the sources, mean to Scrapy."""
    return {
        "USER_AGENT": settings.user_agent,
        "ROBOTSTXT_OBEY": settings.obey_robots,
        "DOWNLOAD_DELAY": settings.download_delay,
        "DOWNLOAD_DELAY_JITTER": 0.5 if settings.download_delay else 0,
        "DOWNLOAD_SLOTS": {
            host_of(seed.url): {"delay": seed.delay, "concurrency": settings.concurrency_per_host}
            for seed in seeds
            if seed.delay is not None
        },
        "CONCURRENT_REQUESTS": settings.concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": settings.concurrency_per_host,
        "AUTOTHROTTLE_ENABLED": settings.download_delay > 0,
        "AUTOTHROTTLE_START_DELAY": settings.download_delay,
        "DOWNLOAD_TIMEOUT": settings.timeout,
        "DOWNLOAD_MAXSIZE": settings.max_body_bytes,
    }
