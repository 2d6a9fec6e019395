"""Neovim in an emulated terminal, so that the screen can be read as text."""

import fcntl
import os
import pathlib
import pty
import select
import struct
import termios
import time

import psutil
import pynvim
import pyte

PATIENCE = 40
LINES, COLUMNS = 24, 101


class Neovim:
    def __init__(self, program, folder, environment, init):
        self.gone = False
        self.screen = pyte.Screen(COLUMNS, LINES)
        self.stream = pyte.ByteStream(self.screen)
        socket = folder.parent / "neovim.sock"
        command = [str(program), "--clean", "-n", "-u", str(init), "--listen", str(socket)]
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.chdir(folder)
            os.execve(command[0], command, {**environment, "TERM": "xterm-256color", "LANG": "C.UTF-8"})
        size = struct.pack("HHHH", LINES, COLUMNS, 0, 0)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, size)
        self.until(socket.exists)
        self.api = pynvim.attach("socket", path=str(socket))

    def read(self, seconds):
        """Reads the output of the terminal for this time."""
        end = time.monotonic() + seconds
        while (rest := end - time.monotonic()) > 0:
            ready, _, _ = select.select([self.terminal], [], [], rest)
            if ready:
                try:
                    self.stream.feed(os.read(self.terminal, 1 << 16))
                except OSError:
                    return

    def until(self, holds):
        """Waits until a condition holds, and returns its value."""
        end = time.monotonic() + PATIENCE
        while not (it := holds()):
            assert time.monotonic() < end, f"timeout:\n{self.picture()}"
            self.read(0.05)
        return it

    def lua(self, code, *arguments):
        return self.api.exec_lua(code, *arguments)

    def open(self, file):
        self.api.command(f"edit {file}")

    def diagnostics(self):
        """All diagnostics, each with the name of its file."""
        return self.lua(
            """
            local all = vim.diagnostic.get()
            for _, it in ipairs(all) do
              it.file = vim.api.nvim_buf_get_name(it.bufnr)
              it.user_data = nil
            end
            return all
            """
        )

    def started(self):
        """The processes that it started, and their children."""
        return psutil.Process(self.process).children(recursive=True)

    def picture(self):
        """The screen, once it no longer changes."""
        before = None
        while before != (now := [line.rstrip() for line in self.screen.display]):
            before = now
            self.read(0.4)
        return "\n".join(now).rstrip() + "\n"

    def quit(self):
        try:
            self.api.command("qall!")
        except (OSError, EOFError):
            pass
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self.read(0.05)
            done, status = os.waitpid(self.process, os.WNOHANG)
            if done:
                self.gone = True
                return os.waitstatus_to_exitcode(status)
        raise AssertionError("Neovim does not quit")


def versions():
    """The programs to test, from the environment variable."""
    return [pathlib.Path(it) for it in os.environ["SECONDCALL_NEOVIMS"].split(":") if it]
