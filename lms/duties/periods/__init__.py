"""What is filed for a day and stays as filed: closed months and quarters, packs, and reports on a schedule."""
