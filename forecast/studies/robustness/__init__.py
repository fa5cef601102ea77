"""Which architecture is best under which assumptions, and what would change that."""
