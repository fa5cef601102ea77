"""Which form of the onset equation forecasts best: rolling origins on the record."""
