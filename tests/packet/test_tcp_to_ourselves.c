/*
 * TCP: connections between two programs of one host.
 *
 * needs: tcp
 */
#include "packet.h"
#include "lwip/tcp.h"
#include "transport/tcp/tcp_priv.h"

#define SERVER_PORT 7000
#define FINISHED    8

static struct tcp_pcb *served;
static unsigned ends; /* heard by clients */

static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  served = err == ERR_OK ? pcb : NULL;
  return ERR_OK;
}

static err_t on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  if (p == NULL) {
    ends++;
    return tcp_close(pcb);
  }
  tcp_recved(pcb, p->tot_len);
  pbuf_free(p);
  return ERR_OK;
}

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  tcp_recv(pcb, on_recv);
  return err;
}

static struct tcp_pcb *new_pcb(void)
{
  struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
  if (pcb == NULL) {
    packet_fail(__FILE__, __LINE__, "no memory");
  }
  return pcb;
}

/** A connection that the server has closed first: the memory of it stays there. @return the
    client's port */
static u16_t finish_one(const ip_addr_t *us)
{
  struct tcp_pcb *client = new_pcb();
  served = NULL;
  ends = 0;
  assert_int_equal(tcp_connect(client, us, SERVER_PORT, on_connected), ERR_OK);
  u16_t port = client->local_port;
  advance(0);
  if (served == NULL) {
    packet_fail(__FILE__, __LINE__, "not served");
  }
  tcp_close(served);
  advance(0);
  assert_int_equal(ends, 1);
  assert_null(tcp_active_pcbs);
  return port;
}

/* A SYN from the port of a connection that ended within this millisecond could not be told from the
   old one's (RFC 6191 2) and would wait a second: another port is taken. */
static void choose(const char *address)
{
  ip_addr_t us = ip_of(address);
  u16_t old[FINISHED];
  struct tcp_pcb *pcb = new_pcb();
  assert_int_equal(tcp_bind(pcb, &us, SERVER_PORT), ERR_OK);
  struct tcp_pcb *listener = tcp_listen(pcb);
  if (listener == NULL) {
    packet_fail(__FILE__, __LINE__, "no listener");
  }
  tcp_accept(listener, on_accept);
  for (int i = 0; i < FINISHED; i++) {
    old[i] = finish_one(&us);
  }
  pcb = new_pcb();
  for (int i = 0; i < 25000; i++) {
    u16_t port = tcp_port_choose(pcb, &us, SERVER_PORT);
    for (int j = 0; j < FINISHED; j++) {
      assert_int_not_equal(port, old[j]);
    }
  }
  tcp_abort(pcb);
  tcp_close(listener);
}

PACKET_TEST(test_port_of_one_that_has_just_ended)
{
#if LWIP_IPV4
  choose("10.0.0.1");
#endif
#if LWIP_IPV6
  net6_up();
  choose("2001:db8::1");
#endif
}

static const struct packet_test tests[] = {
    TEST_FLAGS(test_port_of_one_that_has_just_ended, PACKET_ONCE),
};
PACKET_MAIN(tests)
