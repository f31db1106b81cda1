"""The toolkit's version: read by the package metadata, the command line and every pack's manifest."""

VERSION = "0.1.0"
