"""What goes wrong in a caisse, done on purpose to a real server: everybody at once, and answers that get lost."""
