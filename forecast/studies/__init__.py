"""What many runs teach: estimates, forecasts tested on the record, and the record itself."""
