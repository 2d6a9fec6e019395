"""`python -m secondcall_ray`: in the cluster that `RAY_ADDRESS` names, or else on this machine."""

import sys

from secondcall_fleet.command import main

from .engine import RayEngine

sys.exit(main("python -m secondcall_ray", lambda options: RayEngine(cores=max(options.jobs, 1))))
