"""Checks of the HTTP interface: operations, answers, lists."""
