/* A program's own options: no OS, lwIP's classic pools and heap. */
#define NO_SYS 1
#define LWIP_SOCKET 0
#define LWIP_NETCONN 0
#define LWIP_TCP 0
#define LWIP_NETIF_LOOPBACK 1
#define LWIP_HAVE_LOOPIF 1
#define MEM_ALIGNMENT 8
#define MEM_SIZE 8000
#define SYS_LIGHTWEIGHT_PROT 0
