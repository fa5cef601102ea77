"""What a store is turned into for other tools: tables, forecasting questions, draws."""
