"""The report workers that a server keeps running beside itself: started again when they fall, ended when it ends."""

import logging
import os
import subprocess
import sys
import threading

from app.settings import Settings

log = logging.getLogger("fourward.workers")
LONGEST_PAUSE = 30.0
STOP_SECONDS = 5.0


class WorkerProcesses:
    """`settings.workers` processes of `fourward worker`, each watched by a thread; only the first takes long jobs.

    A worker reads its standard input and stops when that ends, so it never outlives a server that was killed.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._stopping = threading.Event()
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        self._threads = [
            threading.Thread(target=self._keep_running, args=(n,), name=f"worker-{n}", daemon=True)
            for n in range(settings.workers)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End all workers; a job under way goes back to the queue."""
        self._stopping.set()
        for process in list(self._processes.values()):
            process.terminate()
        for process in list(self._processes.values()):
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
        for thread in self._threads:
            thread.join(STOP_SECONDS)

    def _keep_running(self, number: int) -> None:
        pause = 1.0
        while not self._stopping.is_set():
            process = self._start(number)
            self._processes[number] = process
            if self._stopping.is_set():
                process.terminate()
            code = process.wait()
            if process.stdin is not None:
                process.stdin.close()
            if self._stopping.is_set():
                return
            log.warning("report worker %d ended with %d, starting it again in %.0f s", number, code, pause)
            self._stopping.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _start(self, number: int) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "app", "worker", "--attached", *(["--quick"] if number else [])]
        environment = os.environ | self.settings.as_environment()
        # A session of its own: Ctrl-C in the terminal is for the server, which then stops its workers in order.
        return subprocess.Popen(command, stdin=subprocess.PIPE, env=environment, start_new_session=True)  # noqa: S603
