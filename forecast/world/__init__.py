"""What is known: the state system at a forecast origin, as a labelled dataset."""
