"""What scripts/docs and scripts/api check: links, and the public names."""
