"""From a system to the tests that come with its backend."""
