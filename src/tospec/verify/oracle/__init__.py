"""What a system must answer: pure functions of the model, which share nothing with any backend."""
