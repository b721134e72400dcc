"""A small disk for one directory, to be filled to its last byte: a tmpfs, which only root may mount."""

import os
import subprocess
from contextlib import suppress
from pathlib import Path

ROOM = 2**32
"""Bytes, before it is filled and after."""


class NotPermitted(Exception):
    """No mounting here; mount's own words."""


class SmallDisk:
    """Takes the place of a directory's disk from `mount` to `unmount`. Nothing may use the directory at either."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._aside = directory.with_name(f"{directory.name}.aside")

    def mount(self) -> None:
        """Content and modes come along. Raises NotPermitted, and leaves all as it was."""
        self._directory.rename(self._aside)
        self._directory.mkdir()
        try:
            _run("mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(self._directory))
        except (subprocess.CalledProcessError, FileNotFoundError) as error:
            self._directory.rmdir()
            self._aside.rename(self._directory)
            raise NotPermitted(getattr(error, "stderr", "").strip() or str(error)) from error
        _copy(self._aside, self._directory)

    def fill(self) -> None:
        """From now on there is no room for another page."""
        for _ in range(50):
            disk = os.statvfs(self._directory)
            with suppress(subprocess.CalledProcessError):  # it has grown meanwhile
                self._resize((disk.f_blocks - disk.f_bfree) * disk.f_frsize)
                return
        raise AssertionError("it grows faster than it can be filled")

    def empty(self) -> None:
        """There is room again."""
        self._resize(ROOM)

    def unmount(self) -> None:
        """What has been written meanwhile goes to the directory's own disk."""
        _run("rm", "-rf", str(self._aside))
        self._aside.mkdir()
        _copy(self._directory, self._aside)
        _run("umount", str(self._directory))
        self._directory.rmdir()
        self._aside.rename(self._directory)

    def _resize(self, size: int) -> None:
        _run("mount", "-o", f"remount,size={size}", str(self._directory))


def _copy(source: Path, target: Path) -> None:
    # Kafka's index files are mostly holes, which would fill the disk if they were written out.
    _run("cp", "--archive", "--sparse=always", f"{source}/.", str(target))


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True)  # mount is where the system has it
