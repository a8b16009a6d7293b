"""A job that can be interrupted: it says that it has begun, and goes on when it is let."""
