"""What was seen: the store of a run's outcomes, its variables, and the estimators that read it."""
