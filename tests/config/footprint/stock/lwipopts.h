/* lwIP's defaults, IPv4 UDP alone: the configuration whose size others have published. */
#define NO_SYS 1
#define LWIP_TCP 0
#define LWIP_SOCKET 0
#define LWIP_NETCONN 0
#define LWIP_ICMP 0
#define IP_REASSEMBLY 0
#define IP_FRAG 0
#define LWIP_STATS 0
#define LWIP_NOASSERT 1
#define SYS_LIGHTWEIGHT_PROT 0
#define MEM_ALIGNMENT 4
