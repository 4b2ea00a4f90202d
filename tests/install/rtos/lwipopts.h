/* Options as firmware with an RTOS and sockets has them: pools, a small heap, small windows. */
#define NO_SYS                    0
#define SYS_LIGHTWEIGHT_PROT      1
#define MEM_ALIGNMENT             8
#define MEM_SIZE                  (96 * 1024)
#define PBUF_POOL_SIZE            24
#define MEMP_NUM_NETCONN          10
#define MEMP_NUM_TCP_PCB          10
#define MEMP_NUM_TCP_SEG          32
#define MEMP_NUM_SYS_TIMEOUT      16
#define TCPIP_MBOX_SIZE           32
#define TCPIP_THREAD_STACKSIZE    4096
#define DEFAULT_THREAD_STACKSIZE  4096
#define DEFAULT_TCP_RECVMBOX_SIZE 6
#define DEFAULT_UDP_RECVMBOX_SIZE 6
#define DEFAULT_ACCEPTMBOX_SIZE   6

#define LWIP_IPV6                 1
#define LWIP_IGMP                 1
#define LWIP_NETIF_LOOPBACK       1
#define LWIP_HAVE_LOOPIF          1
#define LWIP_MULTICAST_TX_OPTIONS 1
#define TCP_MSS                   1440
#define TCP_WND                   5760
#define TCP_SND_BUF               5760
#define TCP_SND_QUEUELEN          16
#define TCP_LISTEN_BACKLOG        1
#define LWIP_TCP_KEEPALIVE        1

#define LWIP_DNS             1
#define LWIP_SOCKET          1
#define LWIP_NETCONN         1
#define LWIP_SOCKET_OFFSET   54 /* behind the descriptors of files */
#define LWIP_SO_RCVTIMEO     1
#define LWIP_SO_SNDTIMEO     1
#define LWIP_SO_RCVBUF       1
#define LWIP_SO_LINGER       1
#define LWIP_NETBUF_RECVINFO 1
#define SO_REUSE             1
