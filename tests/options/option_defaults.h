/** @file What opt.h does not know by itself: switches of this version's missing floors. */
#define NO_SYS       0
#define LWIP_TCP     0
#define LWIP_NETCONN 0
#define LWIP_SOCKET  0
