"""WeChat articles, albums and account histories."""

from __future__ import annotations

from urllib.parse import urlsplit

from crawler.steering import PageSpider


class WechatSpider(PageSpider):
    """Fetches from `mp.weixin.…` hosts."""

    name = "wechat"

    @classmethod
    def takes(cls, url: str) -> bool:
        """Addresses of the articles' host."""
        return (urlsplit(url).hostname or "").startswith("mp.weixin.")

    def referer(self, page_url: str) -> str:
        """The host alone: its picture servers give a placeholder to pages that name another one (hotlink guard)."""
        parts = urlsplit(page_url)
        return f"{parts.scheme}://{parts.netloc}/"
