/**
 * @file
 * Sockets that share a port (SO_REUSEPORT): who may, and who serves whom. Also against the kernel
 * (peer.h).
 * needs: threads
 * needs: tcp
 * needs: ipv4
 * variants: peer
 */
#include "peer.h"

#define SHARERS 4
#define PEERS   64 /* that all are served by one of four happens once in 10^37 times */

static int sharer(int type)
{
  int s = peer_socket(type);
  assert_int_equal(peer_set(s, SOL_SOCKET, SO_REUSEPORT, 1), 0);
  return s;
}

/** Sockets with one end. */
static void share(int *s, int type, struct sockaddr_in *name)
{
  for (int i = 0; i < SHARERS; i++) {
    s[i] = sharer(type);
    if (i == 0) {
      peer_bind(s[i], name);
    } else {
      assert_int_equal(lwip_bind(s[i], SA(*name), sizeof *name), 0);
    }
    if (type == SOCK_STREAM) {
      assert_int_equal(lwip_listen(s[i], PEERS), 0);
    }
  }
}

static void close_all(const int *s, int count)
{
  for (int i = 0; i < count; i++) {
    assert_int_equal(lwip_close(s[i]), 0);
  }
}

/** @return the one of them that has something to be taken */
static int whose(const int *s)
{
  struct pollfd fds[SHARERS];
  int found = -1;
  for (int i = 0; i < SHARERS; i++) {
    fds[i].fd = s[i];
    fds[i].events = POLLIN;
    fds[i].revents = 0;
  }
  assert_int_equal(lwip_poll(fds, SHARERS, PEER_PATIENCE_MS), 1);
  for (int i = 0; i < SHARERS; i++) {
    found = fds[i].revents != 0 ? i : found;
  }
  return found;
}

/** Each has some. */
static void assert_spread(const int *count)
{
  int served = 0;
  for (int i = 0; i < SHARERS; i++) {
    served += count[i] != 0;
  }
  assert_in_range((unsigned)served, 2, SHARERS);
}

/* All who have an end must want to share it, each before it is bound. */
static void all_must_want_it(void **state)
{
  LWIP_UNUSED_ARG(state);
  const int types[] = {SOCK_STREAM, SOCK_DGRAM};
  struct sockaddr_in name;
  for (unsigned i = 0; i < LWIP_ARRAYSIZE(types); i++) {
    int plain = peer_socket(types[i]);
    int a = sharer(types[i]);
    int b = sharer(types[i]);
    peer_bind(plain, &name);
    assert_fails(lwip_bind(a, SA(name), sizeof name), EADDRINUSE);
    assert_int_equal(lwip_close(plain), 0);
    assert_int_equal(lwip_bind(a, SA(name), sizeof name), 0);
    plain = peer_socket(types[i]);
    assert_fails(lwip_bind(plain, SA(name), sizeof name), EADDRINUSE);
    assert_int_equal(peer_set(plain, SOL_SOCKET, SO_REUSEADDR, 1), 0);
    assert_fails(lwip_bind(plain, SA(name), sizeof name), EADDRINUSE);
    assert_int_equal(lwip_bind(b, SA(name), sizeof name), 0);
    if (types[i] == SOCK_STREAM) {
      assert_int_equal(lwip_listen(a, 1), 0);
      assert_int_equal(lwip_listen(b, 1), 0);
    }
    assert_int_equal(lwip_close(plain), 0);
    peer_close(a, b);
  }
}

/* Who asks for any port gets one of his own. */
static void chosen_ports_are_not_shared(void **state)
{
  LWIP_UNUSED_ARG(state);
  const int types[] = {SOCK_STREAM, SOCK_DGRAM};
  struct sockaddr_in name[32];
  int s[LWIP_ARRAYSIZE(name)];
  for (unsigned t = 0; t < LWIP_ARRAYSIZE(types); t++) {
    for (unsigned i = 0; i < LWIP_ARRAYSIZE(name); i++) {
      s[i] = sharer(types[t]);
      peer_bind(s[i], &name[i]);
      for (unsigned j = 0; j < i; j++) {
        assert_int_not_equal(name[j].sin_port, name[i].sin_port);
      }
    }
    close_all(s, LWIP_ARRAYSIZE(s));
  }
}

/* Each peer's datagrams go to one of them, always the same. */
static void datagrams(void **state)
{
  LWIP_UNUSED_ARG(state);
  int s[SHARERS];
  int count[SHARERS] = {0};
  struct sockaddr_in name;
  char byte = 'x';
  share(s, SOCK_DGRAM, &name);
  for (int i = 0; i < PEERS; i++) {
    int first = -1;
    int client = peer_socket(SOCK_DGRAM);
    for (int j = 0; j < 3; j++) {
      assert_int_equal(lwip_sendto(client, &byte, 1, 0, SA(name), sizeof name), 1);
      int who = whose(s);
      assert_int_equal(lwip_recv(s[who], &byte, 1, 0), 1);
      assert_true(j == 0 || who == first);
      first = who;
    }
    count[first]++;
    assert_int_equal(lwip_close(client), 0);
  }
  assert_spread(count);
  close_all(s, SHARERS);
}

/* ... but those of a peer that one of them is connected to go there. */
static void datagrams_of_the_connected(void **state)
{
  LWIP_UNUSED_ARG(state);
  int s[SHARERS];
  struct sockaddr_in name, from;
  char byte = 'x';
  share(s, SOCK_DGRAM, &name);
  for (int i = 0; i < SHARERS; i++) {
    int client = peer_socket(SOCK_DGRAM);
    peer_bind(client, &from);
    assert_int_equal(lwip_connect(s[i], SA(from), sizeof from), 0);
    assert_int_equal(lwip_sendto(client, &byte, 1, 0, SA(name), sizeof name), 1);
    assert_int_equal(whose(s), i);
    assert_int_equal(lwip_recv(s[i], &byte, 1, 0), 1);
    assert_int_equal(lwip_close(client), 0);
  }
  close_all(s, SHARERS);
}

/* Listeners share connections. */
static void connections(void **state)
{
  LWIP_UNUSED_ARG(state);
  int s[SHARERS];
  int count[SHARERS] = {0};
  struct sockaddr_in name;
  char byte = 'x';
  share(s, SOCK_STREAM, &name);
  for (int i = 0; i < PEERS; i++) {
    int client = peer_socket(SOCK_STREAM);
    assert_int_equal(lwip_connect(client, SA(name), sizeof name), 0);
    int who = whose(s);
    int served = lwip_accept(s[who], NULL, NULL);
    assert_true(served >= 0);
    assert_int_equal(peer_get(served, SOL_SOCKET, SO_REUSEPORT), 1);
    assert_int_equal(lwip_send(client, &byte, 1, 0), 1);
    assert_int_equal(lwip_recv(served, &byte, 1, 0), 1);
    count[who]++;
    peer_close(client, served);
  }
  assert_spread(count);
  /* One is left, and serves all. */
  close_all(s + 1, SHARERS - 1);
  for (int i = 0; i < PEERS / 4; i++) {
    int client = peer_socket(SOCK_STREAM);
    assert_int_equal(lwip_connect(client, SA(name), sizeof name), 0);
    int served = lwip_accept(s[0], NULL, NULL);
    assert_true(served >= 0);
    peer_close(client, served);
  }
  /* A server that begins anew while connections of the one before stand. */
  int again = sharer(SOCK_STREAM);
  assert_int_equal(lwip_bind(again, SA(name), sizeof name), 0);
  assert_int_equal(lwip_listen(again, 1), 0);
  peer_close(s[0], again);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      API_TEST(all_must_want_it), API_TEST(chosen_ports_are_not_shared),
      API_TEST(datagrams),        API_TEST(datagrams_of_the_connected),
      API_TEST(connections),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
