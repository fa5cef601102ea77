"""Forecasts from past origins, scored against the record and told on a page."""
