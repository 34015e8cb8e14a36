"""Scrapy's settings for every crawl; `scrapy.cfg` names this module, `holdfast crawl` adds the user's own."""

from __future__ import annotations

BOT_NAME = "holdfast"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"
ADDONS = {"crawler.addon.HoldfastAddon": 100}

# What the process itself needs comes before add-ons are asked.
TWISTED_REACTOR_ENABLED = False
ASYNCIO_EVENT_LOOP = "uvloop.Loop"

# `workspace.logs` sets the log up, in a file of the workspace.
LOG_INSTALL_ROOT_HANDLER = False

# The check reads a callback's source code anew for every response; mypy finds the same mistake once.
WARN_ON_GENERATOR_RETURN_VALUE = False
