"""Runs one command after another and measures each.

A process of its own with few modules, because Linux counts the peak memory of a process from that of the one that starts it.
Reads a JSON list a line: the variables of the environment, then the command. Answers with a JSON list a line: wall time and
processor time in seconds, peak memory in bytes (the greatest of its processes), exit status.
"""

import json
import os
import sys
import time

null = os.open(os.devnull, os.O_RDWR)
silent = [(os.POSIX_SPAWN_DUP2, null, stream) for stream in (0, 1, 2)]
for line in sys.stdin:
    variables, command = json.loads(line)
    started = time.perf_counter()
    child = os.posix_spawnp(command[0], command, {**os.environ, **variables}, file_actions=silent)
    _, status, used = os.wait4(child, 0)
    wall = time.perf_counter() - started
    memory = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    print(json.dumps([wall, used.ru_utime + used.ru_stime, memory, os.waitstatus_to_exitcode(status)]), flush=True)
