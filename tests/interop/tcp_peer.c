/*
 * The kernel's end of TCP transfers.
 *
 *   interop-tcp_peer connect|listen ADDRESS PORT source|sink|echo SEED BYTES [COUNT]
 *
 * COUNT (1) connections, one after the other accepted or opened, each a process of its own.
 *   source  sends BYTES of the stream SEED, closes its side, waits for the peer to close
 *   sink    compares with the stream until the peer closes, then closes
 *   echo    sends back what comes, half-closes when the peer has
 * Prints a line for each when all is done: "BYTES SECONDS RETRANSMISSIONS OPTIONS", or what went
 * wrong, with status 1. OPTIONS is tcpi_options (linux/tcp.h) in hexadecimal.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "stream.h"

enum { CHUNK = 256 * 1024 };

static double now_s(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
static void die(const char *format, ...)
{
  va_list args;
  va_start(args, format);
  vprintf(format, args);
  va_end(args);
  printf("\n");
  fflush(stdout);
  _exit(1);
}

static void send_all(int fd, const uint8_t *buf, size_t len)
{
  while (len > 0) {
    ssize_t sent = send(fd, buf, len, MSG_NOSIGNAL);
    if (sent < 0) {
      die("send: %s", strerror(errno));
    }
    buf += sent;
    len -= (size_t)sent;
  }
}

static size_t receive(int fd, uint8_t *buf, uint64_t so_far)
{
  ssize_t got = recv(fd, buf, CHUNK, 0);
  if (got < 0) {
    die("receive: %s after %llu bytes", strerror(errno), (unsigned long long)so_far);
  }
  return (size_t)got;
}

static uint64_t run_source(int fd, uint64_t seed, uint64_t bytes, uint8_t *buf)
{
  for (uint64_t at = 0; at < bytes;) {
    size_t part = bytes - at < CHUNK ? (size_t)(bytes - at) : CHUNK;
    stream_fill(seed, at, buf, part);
    send_all(fd, buf, part);
    at += part;
  }
  shutdown(fd, SHUT_WR);
  if (receive(fd, buf, 0) != 0) {
    die("a sink sends");
  }
  return bytes;
}

static uint64_t run_sink(int fd, uint64_t seed, uint64_t bytes, uint8_t *buf)
{
  uint64_t at = 0;
  for (size_t got = receive(fd, buf, at); got > 0; got = receive(fd, buf, at)) {
    size_t same = stream_differs(seed, at, buf, got);
    if (same < got) {
      die("byte %llu is wrong", (unsigned long long)(at + same));
    }
    at += got;
  }
  if (at != bytes) {
    die("%llu bytes came", (unsigned long long)at);
  }
  return at;
}

static uint64_t run_echo(int fd, uint8_t *buf)
{
  uint64_t at = 0;
  for (size_t got = receive(fd, buf, at); got > 0; got = receive(fd, buf, at)) {
    send_all(fd, buf, got);
    at += got;
  }
  shutdown(fd, SHUT_WR);
  return at;
}

/** A connection's whole life. */
static void serve(int fd, const char *mode, uint64_t seed, uint64_t bytes)
{
  uint8_t *buf = malloc(CHUNK);
  struct tcp_info info = {0};
  socklen_t info_len = sizeof info;
  if (buf == NULL) {
    die("no memory");
  }
  double begin = now_s();
  uint64_t done = strcmp(mode, "source") == 0 ? run_source(fd, seed, bytes, buf)
                  : strcmp(mode, "sink") == 0 ? run_sink(fd, seed, bytes, buf)
                                              : run_echo(fd, buf);
  double seconds = now_s() - begin;
  getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &info_len);
  close(fd);
  printf("%llu %.3f %u %x\n", (unsigned long long)done, seconds, info.tcpi_total_retrans,
         info.tcpi_options);
  fflush(stdout);
  free(buf);
  _exit(0);
}

static int open_socket(const char *address, const char *port, int is_listener)
{
  struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST};
  struct addrinfo *at;
  int yes = 1;
  if (getaddrinfo(address, port, &hints, &at) != 0) {
    die("%s: what address?", address);
  }
  int fd = socket(at->ai_family, SOCK_STREAM, 0);
  if (is_listener) {
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(fd, at->ai_addr, at->ai_addrlen) != 0 || listen(fd, 200) != 0) {
      die("listen: %s", strerror(errno));
    }
    printf("listening\n");
    fflush(stdout);
  } else if (connect(fd, at->ai_addr, at->ai_addrlen) != 0) {
    die("connect: %s", strerror(errno));
  }
  freeaddrinfo(at);
  return fd;
}

int main(int argc, char **argv)
{
  if (argc < 7) {
    die("usage: see the head of tcp_peer.c");
  }
  int is_listener = strcmp(argv[1], "listen") == 0;
  uint64_t seed = strtoull(argv[5], NULL, 10);
  uint64_t bytes = strtoull(argv[6], NULL, 10);
  int count = argc > 7 ? atoi(argv[7]) : 1;
  int listener = is_listener ? open_socket(argv[2], argv[3], 1) : -1;
  for (int i = 0; i < count; i++) {
    int fd = is_listener ? accept(listener, NULL, NULL) : -1;
    if (fork() == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL); /* who kills the parent wants all to end */
      serve(is_listener ? fd : open_socket(argv[2], argv[3], 0), argv[4], seed, bytes);
    }
    close(fd);
  }
  int failed = 0;
  for (int i = 0, status; i < count; i++) {
    failed |= wait(&status) < 0 || status != 0;
  }
  return failed;
}
