"""What calls on loopback, over plain HTTP, trust: nobody. Reading whom to trust would take longer than they do."""

import ssl

__all__ = ["PLAIN"]

PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
