"""Measured speed and memory; every figure is reported, none is a test's threshold."""
