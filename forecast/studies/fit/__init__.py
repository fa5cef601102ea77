"""Maximum likelihood estimates of the model's equations from the public record."""
