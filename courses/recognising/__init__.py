"""Certificates of others: listing → asking → deciding → a result, perhaps withdrawn."""
