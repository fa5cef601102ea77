"""History matching: which values of unmeasured parameters the record does not rule out."""
