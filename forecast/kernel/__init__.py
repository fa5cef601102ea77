"""WHAT HAPPENS: the compiled simulation of the state system (numpy and numba only)."""
