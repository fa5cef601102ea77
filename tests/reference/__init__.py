"""The model of docs/model.md in plain Python: slow, short, and independent of the kernel."""
