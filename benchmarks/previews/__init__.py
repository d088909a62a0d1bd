"""What a preview foresaw beside what then happened, count by count (B5)."""
