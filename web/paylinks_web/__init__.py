"""The doors: HTTP, pages and the command line; and the one place that knows every part."""
