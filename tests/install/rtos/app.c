/*
 * Tasks with sockets as firmware has them: the calls, casts and idioms that are usual with ESP-IDF,
 * over the loopback interface. Prints what it did.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/param.h>

#include "lwip/err.h"
#include "lwip/netdb.h"
#include "lwip/sockets.h"
#include "lwip/sys.h"
#include "lwip/tcpip.h"

#define PORT            3333
#define KEEPALIVE_IDLE  5
#define KEEPALIVE_COUNT 3
#define INVALID_SOCK    (-1)

static const char *payload = "Message from a task";
static int failures;

static void check(int is_right, const char *what)
{
  if (!is_right) {
    failures++;
    fprintf(stderr, "%s: errno %d: %s\n", what, errno, strerror(errno));
  }
}

/* --- a server, which writes back what it reads --- */

static void do_retransmit(const int sock)
{
  int len;
  char rx_buffer[128];

  do {
    len = recv(sock, rx_buffer, sizeof(rx_buffer) - 1, 0);
    if (len < 0) {
      check(0, "recv");
    } else if (len > 0) {
      rx_buffer[len] = 0;
      int to_write = len;
      while (to_write > 0) {
        int written = send(sock, rx_buffer + (len - to_write), to_write, 0);
        if (written < 0) {
          check(0, "send");
          return;
        }
        to_write -= written;
      }
    }
  } while (len > 0);
}

struct server {
  int addr_family;
  sys_sem_t ready;
  char addr_str[128];
};

static int bind_server(int addr_family)
{
  struct sockaddr_storage dest_addr;
  memset(&dest_addr, 0, sizeof(dest_addr));
  if (addr_family == AF_INET) {
    struct sockaddr_in *dest_addr_ip4 = (struct sockaddr_in *)&dest_addr;
    dest_addr_ip4->sin_addr.s_addr = htonl(INADDR_ANY);
    dest_addr_ip4->sin_family = AF_INET;
    dest_addr_ip4->sin_port = htons(PORT);
  } else {
    struct sockaddr_in6 *dest_addr_ip6 = (struct sockaddr_in6 *)&dest_addr;
    bzero(&dest_addr_ip6->sin6_addr.un, sizeof(dest_addr_ip6->sin6_addr.un));
    dest_addr_ip6->sin6_family = AF_INET6;
    dest_addr_ip6->sin6_port = htons(PORT);
  }
  int listen_sock = socket(addr_family, SOCK_STREAM, IPPROTO_IP);
  int opt = 1;
  check(listen_sock >= 0, "socket");
  setsockopt(listen_sock, SOL_SOCKET, SO_REUSEADDR, &opt, sizeof(opt));
  if (addr_family == AF_INET6) {
    setsockopt(listen_sock, IPPROTO_IPV6, IPV6_V6ONLY, &opt, sizeof(opt));
  }
  check(bind(listen_sock, (struct sockaddr *)&dest_addr, sizeof(dest_addr)) == 0, "bind");
  check(listen(listen_sock, 1) == 0, "listen");
  return listen_sock;
}

static void tcp_server_task(void *pvParameters)
{
  struct server *server = (struct server *)pvParameters;
  int listen_sock = bind_server(server->addr_family);
  int keepAlive = 1, keepIdle = KEEPALIVE_IDLE, keepCount = KEEPALIVE_COUNT;
  struct sockaddr_storage source_addr; /* Large enough for both IPv4 or IPv6 */
  socklen_t addr_len = sizeof(source_addr);

  sys_sem_signal(&server->ready);
  int sock = accept(listen_sock, (struct sockaddr *)&source_addr, &addr_len);
  check(sock >= 0, "accept");
  check(setsockopt(sock, SOL_SOCKET, SO_KEEPALIVE, &keepAlive, sizeof(int)) == 0, "SO_KEEPALIVE");
  check(setsockopt(sock, IPPROTO_TCP, TCP_KEEPIDLE, &keepIdle, sizeof(int)) == 0, "TCP_KEEPIDLE");
  check(setsockopt(sock, IPPROTO_TCP, TCP_KEEPINTVL, &keepIdle, sizeof(int)) == 0, "TCP_KEEPINTVL");
  check(setsockopt(sock, IPPROTO_TCP, TCP_KEEPCNT, &keepCount, sizeof(int)) == 0, "TCP_KEEPCNT");
  if (source_addr.ss_family == PF_INET) {
    inet_ntoa_r(((struct sockaddr_in *)&source_addr)->sin_addr, server->addr_str,
                sizeof(server->addr_str) - 1);
  } else if (source_addr.ss_family == PF_INET6) {
    inet6_ntoa_r(((struct sockaddr_in6 *)&source_addr)->sin6_addr, server->addr_str,
                 sizeof(server->addr_str) - 1);
  }
  do_retransmit(sock);
  shutdown(sock, 0);
  close(sock);
  close(listen_sock);
  sys_sem_signal(&server->ready);
}

/* --- a client that does not block --- */

static int socket_connect(const struct addrinfo *address_info)
{
  int sock = socket(address_info->ai_family, address_info->ai_socktype, address_info->ai_protocol);
  check(sock != INVALID_SOCK, "socket");
  int flags = fcntl(sock, F_GETFL, 0);
  check(fcntl(sock, F_SETFL, flags | O_NONBLOCK) != -1, "fcntl");
  if (connect(sock, address_info->ai_addr, address_info->ai_addrlen) != 0) {
    check(errno == EINPROGRESS, "connect");
    fd_set fdset;
    FD_ZERO(&fdset);
    FD_SET(sock, &fdset);
    check(select(sock + 1, NULL, &fdset, NULL, NULL) == 1, "select");
    int sockerr;
    socklen_t len = (socklen_t)sizeof(int);
    check(getsockopt(sock, SOL_SOCKET, SO_ERROR, (void *)(&sockerr), &len) == 0 && sockerr == 0,
          "SO_ERROR");
  }
  return sock;
}

/** 0: nothing there yet. */
static int try_receive(const int sock, char *data, size_t max_len)
{
  int len = recv(sock, data, max_len, 0);
  if (len < 0) {
    if (errno == EINPROGRESS || errno == EAGAIN || errno == EWOULDBLOCK) {
      return 0;
    }
    check(errno == ENOTCONN, "recv");
    return -1;
  }
  return len;
}

static void tcp_client(const char *host)
{
  char rx_buffer[128];
  struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
  struct addrinfo *address_info;
  int len, received = 0;

  int res = getaddrinfo(host, "3333", &hints, &address_info);
  check(res == 0 && address_info != NULL, "getaddrinfo");
  int sock = socket_connect(address_info);
  freeaddrinfo(address_info);
  check(send(sock, payload, strlen(payload), 0) == (ssize_t)strlen(payload), "send");
  do {
    len = try_receive(sock, rx_buffer + received, sizeof(rx_buffer) - received);
    received += MAX(len, 0);
    sys_msleep(10);
  } while (len >= 0 && received < (int)strlen(payload));
  check(received == (int)strlen(payload) && memcmp(rx_buffer, payload, received) == 0, "echo");
  shutdown(sock, SHUT_RDWR);
  close(sock);
}

static void tcp(int addr_family, const char *host)
{
  static struct server server;
  server.addr_family = addr_family;
  sys_sem_new(&server.ready, 0);
  sys_thread_new("tcp_server", tcp_server_task, &server, 4096, 5);
  sys_arch_sem_wait(&server.ready, 0);
  tcp_client(host);
  sys_arch_sem_wait(&server.ready, 0);
  sys_sem_free(&server.ready);
  printf("TCP: the server has seen %s\n", server.addr_str);
}

/* --- datagrams, with the address that they were sent to --- */

static void receive_with_info(int sock)
{
  char rx_buffer[128], cmsg_buf[CMSG_SPACE(sizeof(struct in_pktinfo))];
  struct sockaddr_storage source_addr;
  struct iovec iov = {.iov_base = rx_buffer, .iov_len = sizeof(rx_buffer)};
  struct msghdr msg = {.msg_control = cmsg_buf,
                       .msg_controllen = sizeof(cmsg_buf),
                       .msg_iov = &iov,
                       .msg_iovlen = 1,
                       .msg_name = (struct sockaddr *)&source_addr,
                       .msg_namelen = sizeof(source_addr)};
  int len = recvmsg(sock, &msg, 0);
  check(len == (int)strlen(payload) && memcmp(rx_buffer, payload, len) == 0, "recvmsg");
  for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c != NULL; c = CMSG_NXTHDR(&msg, c)) {
    if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
      struct in_pktinfo *pktinfo = (struct in_pktinfo *)CMSG_DATA(c);
      printf("UDP: a datagram to %s\n", inet_ntoa(pktinfo->ipi_addr));
    }
  }
}

static void udp(void)
{
  struct sockaddr_in dest_addr;
  struct timeval timeout;
  int enable = 1;

  memset(&dest_addr, 0, sizeof(dest_addr));
  dest_addr.sin_addr.s_addr = inet_addr("127.0.0.1");
  dest_addr.sin_family = AF_INET;
  dest_addr.sin_port = htons(PORT);
  int sock = socket(AF_INET, SOCK_DGRAM, IPPROTO_IP);
  check(sock >= 0, "socket");
  check(setsockopt(sock, IPPROTO_IP, IP_PKTINFO, &enable, sizeof(enable)) == 0, "IP_PKTINFO");
  timeout.tv_sec = 0;
  timeout.tv_usec = 50000;
  check(setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout) == 0, "SO_RCVTIMEO");
  check(bind(sock, (struct sockaddr *)&dest_addr, sizeof(dest_addr)) == 0, "bind");
  char c;
  check(recv(sock, &c, 1, 0) < 0 && errno == EAGAIN, "timeout");
  timeout.tv_sec = 30;
  check(setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout) == 0, "SO_RCVTIMEO");
  check(sendto(sock, payload, strlen(payload), 0, (struct sockaddr *)&dest_addr,
               sizeof(dest_addr)) == (ssize_t)strlen(payload),
        "sendto");
  receive_with_info(sock);
  close(sock);
}

static void multicast_options(void)
{
  uint8_t ttl = 2, loop = 1;
  struct ip_mreq imreq = {0};
  struct in_addr iaddr = {0};
  int sock = socket(PF_INET, SOCK_DGRAM, IPPROTO_IP);
  check(setsockopt(sock, IPPROTO_IP, IP_MULTICAST_TTL, &ttl, sizeof(uint8_t)) == 0, "TTL");
  check(setsockopt(sock, IPPROTO_IP, IP_MULTICAST_LOOP, &loop, sizeof(uint8_t)) == 0, "LOOP");
  imreq.imr_interface.s_addr = IPADDR_ANY;
  check(inet_aton("232.10.11.12", &imreq.imr_multiaddr.s_addr) == 1, "inet_aton");
  check(IP_MULTICAST(ntohl(imreq.imr_multiaddr.s_addr)), "IP_MULTICAST");
  check(setsockopt(sock, IPPROTO_IP, IP_MULTICAST_IF, &iaddr, sizeof(struct in_addr)) == 0, "IF");
  close(sock);
}

static void started(void *arg)
{
  sys_sem_signal((sys_sem_t *)arg);
}

int main(void)
{
  sys_sem_t ready;
  sys_init();
  sys_sem_new(&ready, 0);
  tcpip_init(started, &ready);
  sys_arch_sem_wait(&ready, 0);
  sys_sem_free(&ready);
  tcp(AF_INET, "127.0.0.1");
  tcp(AF_INET6, "::1");
  udp();
  multicast_options();
  printf("%d failures\n", failures);
  return failures != 0;
}
