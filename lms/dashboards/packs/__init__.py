"""What goes into packs and returns, from the figures of several rooms. Never names, never answers."""
