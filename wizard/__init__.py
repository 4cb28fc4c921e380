"""A terminal wizard that shows what every answer changes, writes the service and runs it."""

__version__ = "0.1.0"
