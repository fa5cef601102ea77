"""How the batches of a run are carried out: in threads, in processes, on a cluster."""
