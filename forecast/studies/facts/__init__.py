"""The stylised facts of a past era, and the same of simulated histories."""
