"""Content packs: files and rows, both ways. The format: `courses/packs/README.md`.

finding (which packs, in which order) → reading (YAML with lines) → loading (rows, in one transaction) → publishing;
and back: exporting.
"""
