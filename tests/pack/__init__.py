"""A small synthetic data pack in the formats of the sources, and what writes it."""
