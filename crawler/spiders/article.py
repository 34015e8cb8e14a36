"""Articles of government and news sites, and the columns, feeds and sitemaps that list them."""

from __future__ import annotations

from crawler.spiders.wechat import WechatSpider
from crawler.steering import PageSpider


class ArticleSpider(PageSpider):
    """Fetches from every host that has no spider of its own."""

    name = "article"

    @classmethod
    def takes(cls, url: str) -> bool:
        """Everything but WeChat."""
        return not WechatSpider.takes(url)
