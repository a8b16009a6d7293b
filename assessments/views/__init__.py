"""Pages of papers and sheets."""
