"""The year's training plan: drafting → approving → reading, with what was done beside what was planned."""
