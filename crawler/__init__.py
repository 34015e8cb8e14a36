"""Scrapy: spiders, discovery, page requisites."""
