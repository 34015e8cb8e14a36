"""Crawls and checks that recur."""
