"""The Flask application: `app` assembles it, one module a family of routes."""
