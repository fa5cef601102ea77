"""What the numbers are worth: estimates of outcomes and their Monte Carlo errors."""
