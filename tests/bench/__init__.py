"""How fast the counter is, measured through a real server."""
