"""Widgets: question fields, the file tree, the file view, logs."""
