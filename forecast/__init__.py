"""Forecasts of interstate conflict under rival collective-security architectures."""
