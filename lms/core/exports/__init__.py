"""Tables written to files in the background: asked for with a purpose, made by a worker, offered to who asked, swept."""
