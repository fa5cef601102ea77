"""What is asked: scenarios, security architectures and parameters, read and checked."""
