"""How good the verifier is: `python -m tests.verify.score`."""
