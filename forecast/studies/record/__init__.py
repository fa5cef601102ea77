"""The historical record in the terms of a simulated store."""
