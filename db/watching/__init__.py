"""Schedules, their leases, and alerts."""
