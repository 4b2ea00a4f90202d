/*
 * A TCP echo server in lwIP's sequential API: received packets are looked at where they are,
 * without a copy into a buffer of ours.
 *
 *   example-netconn_echo --tap tap0 --ip4 10.77.0.2/24 --ip6 fd77::2 [PORT]
 */
#include <stdio.h>
#include <stdlib.h>

#include "lwip/api.h"
#include "app.h"

/** Send back all parts of what has come. */
static err_t echo(struct netconn *client, struct netbuf *buf)
{
  err_t err;
  do {
    void *data;
    u16_t len;
    netbuf_data(buf, &data, &len);
    err = netconn_write(client, data, len, NETCONN_COPY);
  } while (err == ERR_OK && netbuf_next(buf) >= 0);
  return err;
}

/** ERR_CLSD: the client has said all. */
static err_t serve(struct netconn *client)
{
  struct netbuf *buf;
  err_t err;
  while ((err = netconn_recv(client, &buf)) == ERR_OK) {
    err = echo(client, buf);
    netbuf_delete(buf);
    if (err != ERR_OK) {
      break;
    }
  }
  return err;
}

int app_main(int argc, char **argv)
{
  u16_t port = (u16_t)(argc > 1 ? atoi(argv[1]) : 7);
  struct netconn *listener = netconn_new(NETCONN_TCP_IPV6); /* both versions, at "any address" */
  struct netconn *client;
  err_t err;

  if (listener == NULL) {
    fprintf(stderr, "netconn_new: no memory\n");
    return 1;
  }
  err = netconn_bind(listener, IP6_ADDR_ANY, port);
  if (err == ERR_OK) {
    err = netconn_listen(listener);
  }
  if (err == ERR_OK) {
    printf("listening on TCP port %d\n", port);
  }
  while (err == ERR_OK && (err = netconn_accept(listener, &client)) == ERR_OK) {
    err_t end = serve(client);
    if (end != ERR_CLSD) {
      fprintf(stderr, "a client was lost: error %d\n", end);
    }
    netconn_delete(client);
  }
  fprintf(stderr, "netconn_echo: error %d\n", err);
  netconn_delete(listener);
  return 1;
}
