"""Whom this service believes when it asks others."""

import ssl
from functools import cache

import httpcore


@cache
def trust() -> ssl.SSLContext:
    """Return what checks certificates, for all connections of this process.

    It believes whom the machine believes, and Mozilla's list, which takes long to read.
    """
    return httpcore.default_ssl_context()
