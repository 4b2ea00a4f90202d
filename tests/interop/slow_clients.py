#!/usr/bin/env python3
"""Many clients that each send a request so slowly that it never ends.

    slow_clients.py COUNT SERVER ADDRESS...

They come from the addresses in turn, each sends a byte of its header every few seconds. Prints
"open" when all are connected; then, each time a line comes in, how many are still open, how many
have been closed by the server, and the shortest life of those in seconds.
"""

import errno
import itertools
import resource
import select
import socket
import sys
import time

AT_ONCE = 200  # that are being connected
PAUSE_S = 4    # between bytes
IP_BIND_ADDRESS_NO_PORT = 24


class Client:
    def __init__(self, server, source):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        self.socket.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
        self.socket.bind((source, 0))
        self.begun = None  # when it was connected
        error = self.socket.connect_ex((server, 80))
        if error not in (0, errno.EINPROGRESS):
            raise OSError(error, "connect")

    def on_connected(self):
        error = self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error:
            raise OSError(error, "connect")
        self.begun = time.monotonic()
        self.socket.send(b"GET / HTTP/1.1\r\nHost: slow\r\n")


class Crowd:
    def __init__(self, count, server, sources):
        self.count, self.server, self.sources = count, server, itertools.cycle(sources)
        self.poll = select.epoll()
        self.clients = {}  # by descriptor
        self.connecting = 0
        self.started = self.opened = self.closed = 0
        self.shortest = float("inf")
        self.due = []  # (when, descriptor), sorted by time since the pause is always the same
        self.due_at = 0

    def open_more(self):
        while self.started < self.count and self.connecting < AT_ONCE:
            client = Client(self.server, next(self.sources))
            self.clients[client.socket.fileno()] = client
            self.poll.register(client.socket, select.EPOLLOUT)
            self.connecting += 1
            self.started += 1

    def on_event(self, fd):
        client = self.clients.get(fd)
        if client.begun is None:
            client.on_connected()
            self.poll.modify(fd, select.EPOLLIN | select.EPOLLRDHUP)
            self.connecting -= 1
            self.opened += 1
            self.due.append((client.begun + PAUSE_S, fd))
            if self.opened == self.count:
                print("open", flush=True)
        else:
            self.shortest = min(self.shortest, time.monotonic() - client.begun)
            self.closed += 1
            self.poll.unregister(fd)
            client.socket.close()
            del self.clients[fd]

    def send_due(self, now):
        while self.due_at < len(self.due) and self.due[self.due_at][0] <= now:
            fd = self.due[self.due_at][1]
            self.due_at += 1
            if fd in self.clients:
                try:
                    self.clients[fd].socket.send(b"x")
                except OSError:
                    pass  # the end is seen by poll()
                self.due.append((now + PAUSE_S, fd))

    def run(self):
        self.poll.register(sys.stdin, select.EPOLLIN)
        while True:
            self.open_more()
            for fd, _ in self.poll.poll(0.05):
                if fd != sys.stdin.fileno():
                    self.on_event(fd)
                elif not sys.stdin.readline():
                    return
                else:
                    print(self.opened - self.closed, self.closed, self.shortest, flush=True)
            self.send_due(time.monotonic())


def main():
    count, server, sources = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
    resource.setrlimit(resource.RLIMIT_NOFILE, (count + 100, count + 100))
    Crowd(count, server, sources).run()


if __name__ == "__main__":
    main()
