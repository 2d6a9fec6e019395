"""`python -m secondcall_fleet`: on this machine alone."""

import sys

from .command import main
from .engine import Serial

sys.exit(main("python -m secondcall_fleet", lambda _: Serial()))
