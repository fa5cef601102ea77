"""Which mechanism or constant carries the contrast of an architecture to the reference."""
