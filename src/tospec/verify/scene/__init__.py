"""Plots on a stage: steps become requests, keys become ids, answers become what is known."""
