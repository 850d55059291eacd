"""Runs promtool with these arguments. If it is not installed, prints a message and exits with 77."""

import shutil
import subprocess
import sys

if shutil.which("promtool") is None:
    print("skipped: promtool is not installed (Debian: prometheus)")
    sys.exit(77)
sys.exit(subprocess.run(["promtool", *sys.argv[1:]], check=False).returncode)
