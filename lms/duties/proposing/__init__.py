"""Rules proposed, previewed and approved by a second person."""
