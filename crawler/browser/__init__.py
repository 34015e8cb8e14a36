"""Pages as a browser shows them: a picture and a PDF of each, beside the page itself."""

from crawler.browser.recording import record_page

__all__ = ["record_page"]
