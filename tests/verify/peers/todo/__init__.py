"""The todo spec, by hand: Flask, threads, and rows that live in memory.

Nothing of it is generated, and where the spec leaves a choice it chooses otherwise: tokens are
random texts that the server looks up, cursors are kept by the server, and one lock makes requests
take turns.
"""
