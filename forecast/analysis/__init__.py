"""What it means: comparisons of security architectures on shared trajectories."""
