"""Findings, questions and traceability, for people and for programs."""
