/*
 * GET by name, over IPv4 and over IPv6.
 */
#include <stdio.h>
#include <string.h>

#include "lwip/netdb.h"
#include "lwip/sockets.h"
#include "fetch.h"

#define FETCH_TIMEOUT_S 30

struct url {
  char host[256];
  char port[6];
  const char *path;
};

/** @return 0; -1: not a URL of this kind */
static int url_parse(struct url *url, const char *text)
{
  static const char scheme[] = "http://";
  if (strncmp(text, scheme, sizeof scheme - 1) != 0) {
    return -1;
  }
  const char *host = text + sizeof scheme - 1;
  int is_bracketed = *host == '[';
  host += is_bracketed;
  size_t host_len = strcspn(host, is_bracketed ? "]" : ":/");
  if (host_len == 0 || host_len >= sizeof url->host || (is_bracketed && host[host_len] != ']')) {
    return -1;
  }
  memcpy(url->host, host, host_len);
  url->host[host_len] = '\0';
  const char *rest = host + host_len + is_bracketed;
  strcpy(url->port, "80");
  if (*rest == ':') {
    size_t port_len = strspn(++rest, "0123456789");
    if (port_len == 0 || port_len >= sizeof url->port) {
      return -1;
    }
    memcpy(url->port, rest, port_len);
    url->port[port_len] = '\0';
    rest += port_len;
  }
  url->path = *rest == '\0' ? "/" : rest;
  return *url->path == '/' ? 0 : -1;
}

static int connect_to(const struct addrinfo *to)
{
  struct timeval patience = {.tv_sec = FETCH_TIMEOUT_S};
  int s = socket(to->ai_family, SOCK_STREAM, 0);
  if (s < 0) {
    return -1;
  }
  setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (connect(s, to->ai_addr, to->ai_addrlen) < 0) {
    int error = errno;
    close(s);
    errno = error;
    return -1;
  }
  return s;
}

/** The answer's first bytes into `head`, a string; all of it is counted. @return its bytes; -1 */
static long receive(int s, char *head, size_t size)
{
  char data[2048];
  size_t kept = 0;
  long total = 0;
  ssize_t got;
  while ((got = recv(s, data, sizeof data, 0)) > 0) {
    size_t part = LWIP_MIN((size_t)got, size - 1 - kept);
    memcpy(head + kept, data, part);
    kept += part;
    total += (long)got;
  }
  head[kept] = '\0';
  return got < 0 ? -1 : total;
}

static int get(int s, const struct url *url, const char *from)
{
  char request[1024], head[2048];
  int len = snprintf(request, sizeof request,
                     "GET %s HTTP/1.0\r\nHost: %s:%s\r\nUser-Agent: gossamer\r\n\r\n", url->path,
                     url->host, url->port);
  long total = -1;
  if (len > 0 && len < (int)sizeof request && send(s, request, (size_t)len, 0) == len) {
    total = receive(s, head, sizeof head);
  }
  if (total < 0) {
    printf("%s: %s\n", from, strerror(errno));
    return 1;
  }
  const char *body = strstr(head, "\r\n\r\n");
  long body_len = body != NULL ? total - (body + 4 - head) : 0;
  printf("%s: %.*s, %ld bytes\n", from, (int)strcspn(head, "\r\n"), head, body_len);
  return body == NULL || strncmp(head, "HTTP/1.", 7) != 0 || head[9] != '2';
}

/** @return 0; 1: no answer of success; -1: the name has no such address */
static int fetch_by(const struct url *url, int family, const char *version)
{
  struct addrinfo hints = {.ai_family = family, .ai_socktype = SOCK_STREAM};
  struct addrinfo *to;
  char address[INET6_ADDRSTRLEN] = "", from[80];
  if (getaddrinfo(url->host, url->port, &hints, &to) != 0) {
    return -1;
  }
  getnameinfo(to->ai_addr, to->ai_addrlen, address, sizeof address, NULL, 0, NI_NUMERICHOST);
  snprintf(from, sizeof from, "%s %s", version, address);
  int failed = 1;
  int s = connect_to(to);
  if (s >= 0) {
    failed = get(s, url, from);
    close(s);
  } else {
    printf("%s: %s\n", from, strerror(errno));
  }
  freeaddrinfo(to);
  return failed;
}

bool fetch_understands(const char *text)
{
  struct url url;
  return url_parse(&url, text) == 0;
}

int fetch(const char *text)
{
  struct url url;
  if (url_parse(&url, text) != 0) {
    return 1;
  }
  int by4 = fetch_by(&url, AF_INET, "IPv4");
  int by6 = fetch_by(&url, AF_INET6, "IPv6");
  if (by4 < 0 && by6 < 0) {
    printf("%s: no address is known for this name\n", url.host);
  }
  return by4 > 0 || by6 > 0 || (by4 < 0 && by6 < 0);
}
