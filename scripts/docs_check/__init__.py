"""The checks of scripts/docs and scripts/api: links and public names."""
