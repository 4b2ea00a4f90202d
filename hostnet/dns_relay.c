/**
 * @file
 * Answers to DNS queries from the network (RFC 1035, RFC 5625): names that are known here, all
 * others by the host's resolver, whose answers are handed on byte for byte.
 *
 * State: queries on their way, the newest first, each with a socket of its own that is connected to
 * the server it waits for; the host's servers as they were read last. Invariant: a query in the
 * list has an open socket and a time at which something happens to it.
 *
 * What comes from a server counts only with the id that was drawn for it and the question that was
 * asked (RFC 5452 9). Clients that let letters be of random case find theirs in the answer.
 */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include "hostnet/dns_relay.h"

#define HEADER_LEN       12U
#define NAME_MAX_LEN     255U /* RFC 1035 2.3.4 */
#define LABEL_MAX_LEN    63U
#define SERVERS_MAX      3U /* resolv.conf(5) */
#define SERVER_WAIT_MS   3000
#define LOCAL_TTL_S      5
#define LOCAL_ADDRS_MAX  16U
#define LOCAL_ANSWER_MAX 512U

#define TYPE_A     1U
#define TYPE_AAAA  28U
#define TYPE_ANY   255U
#define CLASS_IN   1U
#define CLASS_ANY  255U
#define FLAGS_QR   0x80U /* byte 2 */
#define FLAGS_AA   0x04U
#define FLAGS_TC   0x02U
#define FLAGS_RD   0x01U
#define FLAGS_RA   0x80U /* byte 3 */
#define RCODE_MASK 0x0FU

enum rcode { NO_ERROR, FORMERR, SERVFAIL, NXDOMAIN, NOTIMP };

/** A question, and where it ends. */
struct question {
  uint16_t type;
  uint16_t rclass;
  size_t end;                  /* of header and question */
  char name[NAME_MAX_LEN + 1]; /* with dots; empty: one that is not asked of `lookup` */
};

/** A query that a server has been asked. */
struct forward {
  struct forward *next;
  struct dns_relay *relay;
  struct io io;
  struct dns_relay_client client;
  uint16_t client_id;
  uint16_t id;
  unsigned servers_tried;
  uint64_t next_ms; /* when the next server is asked */
  uint64_t end_ms;  /* when it is forgotten */
  size_t question_end;
  size_t len;
  uint8_t message[]; /* with our id */
};

struct server {
  struct sockaddr_storage addr;
  socklen_t len;
};

struct dns_relay {
  struct dns_relay_config config;
  struct forward *first;
  unsigned count;
  struct server server[SERVERS_MAX];
  unsigned servers;
  struct stat read; /* of the file that they are from */
};

static uint64_t now_ms(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static uint16_t get16(const uint8_t *b)
{
  return (uint16_t)(b[0] << 8 | b[1]);
}

static void put16(uint8_t *b, unsigned v)
{
  b[0] = (uint8_t)(v >> 8);
  b[1] = (uint8_t)v;
}

/* --- the host's servers --- */

/** One line of resolv.conf. */
static void server_read(struct dns_relay *r, char *line)
{
  static const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
                                        .ai_socktype = SOCK_DGRAM};
  static const char blanks[] = " \t\r\n";
  char port[6];
  struct addrinfo *found;
  char *rest;
  const char *word = strtok_r(line, blanks, &rest);
  const char *text = word != NULL ? strtok_r(NULL, blanks, &rest) : NULL;
  snprintf(port, sizeof port, "%u", r->config.port != 0 ? r->config.port : 53U);
  if (text == NULL || strcmp(word, "nameserver") != 0 || r->servers == SERVERS_MAX ||
      getaddrinfo(text, port, &hints, &found) != 0) {
    return;
  }
  struct server *s = &r->server[r->servers++];
  memcpy(&s->addr, found->ai_addr, found->ai_addrlen);
  s->len = found->ai_addrlen;
  freeaddrinfo(found);
}

static bool is_same_file(const struct stat *a, const struct stat *b)
{
  return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
         a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/** Read them again, if the file has changed. */
static void servers_read(struct dns_relay *r)
{
  struct stat now = {0};
  char line[512];
  if (stat(r->config.resolv_conf, &now) == 0 && is_same_file(&now, &r->read)) {
    return;
  }
  r->servers = 0;
  r->read = now;
  FILE *f = fopen(r->config.resolv_conf, "re");
  while (f != NULL && fgets(line, sizeof line, f) != NULL) {
    server_read(r, line);
  }
  if (f != NULL) {
    fclose(f);
  }
}

bool dns_relay_server(struct dns_relay *relay, struct sockaddr_storage *addr, socklen_t *len)
{
  servers_read(relay);
  if (relay->servers > 0) {
    *addr = relay->server[0].addr;
    *len = relay->server[0].len;
  }
  return relay->servers > 0;
}

/* --- questions --- */

/** @return false: malformed */
static bool question_read(struct question *q, const uint8_t *message, size_t len)
{
  size_t at = HEADER_LEN;
  size_t out = 0;
  bool is_plain = true;
  while (at < len && message[at] != 0) {
    size_t label_len = message[at];
    if (label_len > LABEL_MAX_LEN || label_len >= len - at || out + label_len + 1 >= NAME_MAX_LEN) {
      return false;
    }
    for (size_t i = 1; i <= label_len; i++) {
      uint8_t c = message[at + i];
      is_plain = is_plain && c > ' ' && c < 0x7F && c != '.';
      q->name[out++] = (char)c;
    }
    q->name[out++] = '.';
    at += label_len + 1;
  }
  if (at >= len || len - at < 5) {
    return false;
  }
  q->name[out > 0 && is_plain ? out - 1 : 0] = '\0';
  q->type = get16(message + at + 1);
  q->rclass = get16(message + at + 3);
  q->end = at + 5;
  return true;
}

/* --- answers of our own --- */

/** The head of an answer: the query's id and question, no records. */
static void answer_begin(uint8_t *out, const uint8_t *message, size_t question_end,
                         enum rcode rcode)
{
  memcpy(out, message, question_end);
  out[2] = (uint8_t)(FLAGS_QR | (message[2] & (0x78U | FLAGS_RD)));
  out[3] = (uint8_t)(FLAGS_RA | rcode);
  put16(out + 4, question_end > HEADER_LEN ? 1 : 0);
  memset(out + 6, 0, 6);
}

static void answer_error(const struct dns_relay_client *client, const uint8_t *message,
                         size_t question_end, enum rcode rcode)
{
  uint8_t out[HEADER_LEN + NAME_MAX_LEN + 5];
  answer_begin(out, message, question_end, rcode);
  client->answer(client->arg, client, out, question_end);
}

/** An address record of the question's name. @return how long it is; 0: it is not asked for */
static size_t record_put(uint8_t *out, const struct question *q, const ip_addr_t *addr)
{
  bool is_ip6 = IP_IS_V6(addr);
  unsigned type = is_ip6 ? TYPE_AAAA : TYPE_A;
  size_t len = is_ip6 ? 16 : 4;
  if (q->type != type && q->type != TYPE_ANY) {
    return 0;
  }
  put16(out, 0xC000U | HEADER_LEN);
  put16(out + 2, type);
  put16(out + 4, CLASS_IN);
  put16(out + 6, 0);
  put16(out + 8, LOCAL_TTL_S);
  put16(out + 10, (unsigned)len);
  if (is_ip6) {
    memcpy(out + 12, ip_2_ip6(addr)->addr, len);
  } else {
    memcpy(out + 12, &ip_2_ip4(addr)->addr, len);
  }
  return 12 + len;
}

static void answer_addrs(const struct dns_relay_client *client, const uint8_t *message,
                         const struct question *q, const ip_addr_t *addrs, unsigned count)
{
  uint8_t out[LOCAL_ANSWER_MAX + HEADER_LEN + 16];
  size_t len = q->end;
  unsigned records = 0;
  answer_begin(out, message, q->end, NO_ERROR);
  out[2] |= FLAGS_AA;
  for (unsigned i = 0; i < count && len + 12 + 16 <= LOCAL_ANSWER_MAX; i++) {
    size_t record_len = record_put(out + len, q, &addrs[i]);
    len += record_len;
    records += record_len > 0;
  }
  put16(out + 6, records);
  client->answer(client->arg, client, out, len);
}

/** Cut the domain off a name. @return false: it is not in the domain */
static bool domain_cut(const struct dns_relay *r, char *name)
{
  size_t len = strlen(name);
  size_t domain_len = strlen(r->config.domain);
  if (len <= domain_len + 1 || name[len - domain_len - 1] != '.' ||
      strcasecmp(name + len - domain_len, r->config.domain) != 0) {
    return false;
  }
  name[len - domain_len - 1] = '\0';
  return true;
}

/** @return true: it is a name of the network's, and has been answered */
static bool answer_local(const struct dns_relay *r, const struct dns_relay_client *client,
                         const uint8_t *message, struct question *q)
{
  ip_addr_t addrs[LOCAL_ADDRS_MAX];
  unsigned count = 0;
  bool exists = false;
  bool is_in_domain = domain_cut(r, q->name);
  bool is_class = q->rclass == CLASS_IN || q->rclass == CLASS_ANY;
  if (q->name[0] != '\0' && strchr(q->name, '.') == NULL && is_class) {
    count = r->config.lookup(r->config.arg, q->name, addrs, LOCAL_ADDRS_MAX, &exists);
    exists = exists || count > 0;
  }
  if (exists) {
    answer_addrs(client, message, q, addrs, count);
  } else if (is_in_domain) {
    answer_error(client, message, q->end, NXDOMAIN);
  }
  return exists || is_in_domain;
}

/* --- asking the host's servers --- */

static struct forward **forward_link(struct forward *f)
{
  struct forward **at = &f->relay->first;
  while (*at != f) {
    at = &(*at)->next;
  }
  return at;
}

static void forward_end(struct forward *f)
{
  *forward_link(f) = f->next;
  f->relay->count--;
  loop_io_close(f->relay->config.loop, &f->io);
  free(f);
}

/** End it with an answer: `len` bytes that bear the client's id. */
static void forward_answer(struct forward *f, const uint8_t *message, size_t len)
{
  const struct dns_relay_client client = f->client;
  forward_end(f);
  client.answer(client.arg, &client, message, len);
}

static void forward_fail(struct forward *f)
{
  uint8_t out[HEADER_LEN + NAME_MAX_LEN + 5];
  answer_begin(out, f->message, f->question_end, SERVFAIL);
  put16(out, f->client_id);
  forward_answer(f, out, f->question_end);
}

static void forward_ready(struct io *io, uint32_t events);

/** A socket for one server, with a port of its own, and the query to it. @return false: no way */
static bool forward_send(struct forward *f, const struct server *s)
{
  struct loop *loop = f->relay->config.loop;
  loop_io_close(loop, &f->io);
  f->io.fd = host_socket(s->addr.ss_family, SOCK_DGRAM, 0);
  if (f->io.fd < 0 || getrandom(&f->id, sizeof f->id, 0) != (ssize_t)sizeof f->id ||
      connect(f->io.fd, (const struct sockaddr *)&s->addr, s->len) != 0) {
    return false;
  }
  put16(f->message, f->id);
  if (send(f->io.fd, f->message, f->len, MSG_NOSIGNAL) < 0 && errno != EAGAIN) {
    return false;
  }
  return loop_want(loop, &f->io, EPOLLIN);
}

/** Ask the next server; when there is none, say so. */
static void forward_next(struct forward *f)
{
  struct dns_relay *r = f->relay;
  while (f->servers_tried < r->servers) {
    if (forward_send(f, &r->server[f->servers_tried++])) {
      bool is_last = f->servers_tried == r->servers;
      f->next_ms = is_last ? f->end_ms : now_ms() + SERVER_WAIT_MS;
      return;
    }
  }
  forward_fail(f);
}

/** Is it the answer to what was asked? Upper and lower case of the question are the client's. */
static bool forward_fits(const struct forward *f, const uint8_t *message, size_t len)
{
  return len >= f->question_end && get16(message) == f->id && (message[2] & FLAGS_QR) != 0 &&
         get16(message + 4) == 1 &&
         memcmp(message + HEADER_LEN, f->message + HEADER_LEN, f->question_end - HEADER_LEN) == 0;
}

static void forward_ready(struct io *io, uint32_t events)
{
  struct forward *f = (struct forward *)(void *)((char *)io - offsetof(struct forward, io));
  uint8_t message[DNS_RELAY_MESSAGE_MAX];
  (void)events;
  for (;;) {
    ssize_t got = recv(io->fd, message, sizeof message, MSG_TRUNC);
    if (got < 0) {
      if (errno != EAGAIN && errno != EINTR) {
        forward_next(f); /* nobody serves there */
      }
      return;
    }
    size_t len = (size_t)got < sizeof message ? (size_t)got : sizeof message;
    if (!forward_fits(f, message, len)) {
      continue;
    }
    if ((size_t)got > sizeof message) {
      message[2] |= FLAGS_TC;
      memset(message + 6, 0, 6);
      len = f->question_end;
    }
    put16(message, f->client_id);
    forward_answer(f, message, len);
    return;
  }
}

/** The oldest one makes room. */
static void forward_make_room(struct dns_relay *r)
{
  struct forward *oldest = r->first;
  while (oldest->next != NULL) {
    oldest = oldest->next;
  }
  forward_end(oldest);
}

static void forward_start(struct dns_relay *r, const struct dns_relay_client *client,
                          const uint8_t *message, size_t len, size_t question_end)
{
  if (r->count >= DNS_RELAY_QUERIES_MAX) {
    forward_make_room(r);
  }
  struct forward *f = (struct forward *)calloc(1, sizeof *f + len);
  if (f == NULL) {
    answer_error(client, message, question_end, SERVFAIL);
    return;
  }
  f->relay = r;
  f->io.fd = -1;
  f->io.ready = forward_ready;
  f->client = *client;
  f->client_id = get16(message);
  f->end_ms = now_ms() + DNS_RELAY_TIMEOUT_MS;
  f->question_end = question_end;
  f->len = len;
  memcpy(f->message, message, len);
  f->next = r->first;
  r->first = f;
  r->count++;
  forward_next(f);
}

/* --- the relay --- */

struct dns_relay *dns_relay_new(const struct dns_relay_config *config)
{
  struct dns_relay *r = (struct dns_relay *)calloc(1, sizeof *r);
  if (r != NULL) {
    r->config = *config;
  }
  return r;
}

void dns_relay_free(struct dns_relay *relay)
{
  while (relay != NULL && relay->first != NULL) {
    forward_end(relay->first);
  }
  free(relay);
}

void dns_relay_query(struct dns_relay *relay, const struct dns_relay_client *client,
                     const uint8_t *message, size_t len)
{
  struct question q;
  if (len < HEADER_LEN || len > DNS_RELAY_MESSAGE_MAX || (message[2] & FLAGS_QR) != 0) {
    return;
  }
  if ((message[2] & 0x78U) != 0) {
    answer_error(client, message, HEADER_LEN, NOTIMP);
  } else if (get16(message + 4) != 1 || !question_read(&q, message, len)) {
    answer_error(client, message, HEADER_LEN, FORMERR);
  } else if (!answer_local(relay, client, message, &q)) {
    servers_read(relay);
    forward_start(relay, client, message, len, q.end);
  }
}

void dns_relay_tick(struct dns_relay *relay)
{
  uint64_t now = now_ms();
  struct forward *next;
  for (struct forward *f = relay->first; f != NULL; f = next) {
    next = f->next;
    if (now >= f->end_ms) {
      forward_end(f);
    } else if (now >= f->next_ms) {
      forward_next(f);
    }
  }
}

int dns_relay_wait_ms(struct dns_relay *relay)
{
  uint64_t now = now_ms();
  uint64_t first = UINT64_MAX;
  for (const struct forward *f = relay->first; f != NULL; f = f->next) {
    first = f->next_ms < first ? f->next_ms : first;
  }
  return first == UINT64_MAX ? -1 : first > now ? (int)(first - now) : 0;
}
