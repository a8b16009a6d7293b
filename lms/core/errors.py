"""Errors whose text is for the person at the screen."""


class Refused(Exception):
    """A step that may not be done now. `str(error)` says why and what to do, in words for the user.

    Views show it beside the form and change nothing; commands print it and end with exit code 1.
    """
