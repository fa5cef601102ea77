"""How good forecasts were: scores of a store and of simple baselines against the record."""
