"""Ask the ethics adviser: choices in, approved notes and where to go out. No word that somebody types is kept."""
