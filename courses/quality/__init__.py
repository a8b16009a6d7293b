"""How good the words and questions of a course are, in numbers. Pure functions, used by three:

`load_curriculum` (a report, a line per finding), the editor's side panels, and the page *what is due for review*.

pack files or drafts → `records` → `findings` (with `prose` for words and sentences, `chance` for what chance may do)
"""
