"""What was seen: the store of a run's outcomes, its variables, and what reads and checks it."""
