/**
 * @file
 * Types and constants of sockets; lwip/sockets.h includes this file. Numbers are lwIP's where it
 * has them, those of a common system where that is free, and ours elsewhere: programs use names.
 */
#ifndef LWIP_HDR_SOCKETS_TYPES_H
#define LWIP_HDR_SOCKETS_TYPES_H

#include "lwip/inet.h"
#include "lwip/netif.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- addresses --- */

#if !defined(sa_family_t) && !defined(SA_FAMILY_T_DEFINED)
typedef u8_t sa_family_t;
#endif
/* In network order. */
#if !defined(in_port_t) && !defined(IN_PORT_T_DEFINED)
typedef u16_t in_port_t;
#endif
#if !defined(socklen_t) && !defined(SOCKLEN_T_DEFINED)
typedef u32_t socklen_t;
#endif

/* Programs may set the length members or leave them: they are not looked at. */
#define LWIP_SOCKET_HAVE_SA_LEN 1

#if LWIP_IPV4
#define SIN_ZERO_LEN 8
struct sockaddr_in {
  u8_t sin_len;
  sa_family_t sin_family;
  in_port_t sin_port;
  struct in_addr sin_addr;
  char sin_zero[SIN_ZERO_LEN];
};
#endif

#if LWIP_IPV6
struct sockaddr_in6 {
  u8_t sin6_len;
  sa_family_t sin6_family;
  in_port_t sin6_port;
  u32_t sin6_flowinfo;
  struct in6_addr sin6_addr;
  u32_t sin6_scope_id; /* index of the interface, of addresses that need one */
};
#endif

struct sockaddr {
  u8_t sa_len;
  sa_family_t sa_family;
  char sa_data[14];
};

struct sockaddr_storage {
  u8_t s2_len;
  sa_family_t ss_family;
  char s2_data1[2];
  u32_t s2_data2[3];
#if LWIP_IPV6
  u32_t s2_data3[3];
#endif
};

#define AF_UNSPEC 0
#define AF_INET   2
#if LWIP_IPV6
#define AF_INET6 10
#else
#define AF_INET6 AF_UNSPEC
#endif
#define PF_INET   AF_INET
#define PF_INET6  AF_INET6
#define PF_UNSPEC AF_UNSPEC

/* --- making sockets --- */

#define SOCK_STREAM 1
#define SOCK_DGRAM  2
#define SOCK_RAW    3
/* Or-ed to the type. */
#define SOCK_NONBLOCK 0x0800
#define SOCK_CLOEXEC  0x80000 /* FD_CLOEXEC */

#define SOL_SOCKET 0xfff

#define IPPROTO_IP   0
#define IPPROTO_ICMP 1
#define IPPROTO_TCP  6
#define IPPROTO_UDP  17
#if LWIP_IPV6
#define IPPROTO_IPV6   41
#define IPPROTO_ICMPV6 58
#endif
#define IPPROTO_UDPLITE 136
#define IPPROTO_RAW     255

#define SHUT_RD   0
#define SHUT_WR   1
#define SHUT_RDWR 2

#ifndef SOMAXCONN
#define SOMAXCONN 4096
#endif

/* --- messages --- */

#if !defined(iovec)
struct iovec {
  void *iov_base;
  size_t iov_len;
};
#endif
#ifndef IOV_MAX
#define IOV_MAX 0xFFFF
#endif

typedef int msg_iovlen_t;

struct msghdr {
  void *msg_name;
  socklen_t msg_namelen;
  struct iovec *msg_iov;
  msg_iovlen_t msg_iovlen;
  void *msg_control;
  socklen_t msg_controllen;
  int msg_flags;
};

#define MSG_PEEK     0x01 /* leave them where they are */
#define MSG_WAITALL  0x02 /* wait for as many as wanted */
#define MSG_OOB      0x04 /* urgent data */
#define MSG_DONTWAIT 0x08
#define MSG_MORE     0x10 /* more will be sent soon */
#define MSG_NOSIGNAL 0x20 /* there are no signals */
#define MSG_TRUNC    0x40 /* told: a datagram was cut; asked for: tell its true length */
#define MSG_CTRUNC   0x80 /* told: ancillary data were cut */

struct cmsghdr {
  socklen_t cmsg_len; /* with this header */
  int cmsg_level;
  int cmsg_type;
};

#define ALIGN_H(size) (((size) + sizeof(long) - 1U) & ~(sizeof(long) - 1U))
#define ALIGN_D(size) ALIGN_H(size)
#define CMSG_FIRSTHDR(mhdr)                                                                        \
  ((mhdr)->msg_controllen >= sizeof(struct cmsghdr) ? (struct cmsghdr *)(mhdr)->msg_control : NULL)
#define CMSG_NXTHDR(mhdr, cmsg)                                                                    \
  ((cmsg) == NULL                                                                                  \
       ? CMSG_FIRSTHDR(mhdr)                                                                       \
       : (((u8_t *)(cmsg) + ALIGN_H((cmsg)->cmsg_len) + ALIGN_D(sizeof(struct cmsghdr)) >          \
           (u8_t *)((mhdr)->msg_control) + (mhdr)->msg_controllen)                                 \
              ? NULL                                                                               \
              : (struct cmsghdr *)(void *)((u8_t *)(cmsg) + ALIGN_H((cmsg)->cmsg_len))))
#define CMSG_DATA(cmsg)    ((void *)((u8_t *)(cmsg) + ALIGN_D(sizeof(struct cmsghdr))))
#define CMSG_SPACE(length) (ALIGN_D(sizeof(struct cmsghdr)) + ALIGN_H(length))
#define CMSG_LEN(length)   (ALIGN_D(sizeof(struct cmsghdr)) + (length))

/* --- options of SOL_SOCKET --- */

#define SO_DEBUG        0x0001
#define SO_ACCEPTCONN   0x0002
#define SO_REUSEADDR    0x0004
#define SO_KEEPALIVE    0x0008
#define SO_DONTROUTE    0x0010
#define SO_BROADCAST    0x0020
#define SO_USELOOPBACK  0x0040
#define SO_LINGER       0x0080
#define SO_DONTLINGER   ((int)(~SO_LINGER))
#define SO_OOBINLINE    0x0100
#define SO_REUSEPORT    0x0200
#define SO_SNDBUF       0x1001
#define SO_RCVBUF       0x1002
#define SO_SNDLOWAT     0x1003
#define SO_RCVLOWAT     0x1004
#define SO_SNDTIMEO     0x1005
#define SO_RCVTIMEO     0x1006
#define SO_ERROR        0x1007
#define SO_TYPE         0x1008
#define SO_CONTIMEO     0x1009
#define SO_NO_CHECK     0x100a
#define SO_BINDTODEVICE 0x100b
#define SO_PROTOCOL     0x1020
#define SO_DOMAIN       0x1021

#define IFNAMSIZ NETIF_NAMESIZE
/** SO_BINDTODEVICE takes this, or the name alone. */
struct ifreq {
  char ifr_name[IFNAMSIZ];
};

struct linger {
  int l_onoff;
  int l_linger; /* seconds */
};

/* --- options of IPPROTO_IP --- */

#define IP_TOS                    1
#define IP_TTL                    2
#define IP_ADD_MEMBERSHIP         3
#define IP_DROP_MEMBERSHIP        4
#define IP_MULTICAST_TTL          5
#define IP_MULTICAST_IF           6
#define IP_MULTICAST_LOOP         7
#define IP_PKTINFO                8
#define IP_MTU_DISCOVER           10
#define IP_RECVTTL                12
#define IP_RECVTOS                13
#define IP_MTU                    14
#define IP_HDRINCL                15
#define IP_UNBLOCK_SOURCE         37
#define IP_BLOCK_SOURCE           38
#define IP_ADD_SOURCE_MEMBERSHIP  39
#define IP_DROP_SOURCE_MEMBERSHIP 40
/* Both families (RFC 3678). */
#define MCAST_JOIN_GROUP         42
#define MCAST_BLOCK_SOURCE       43
#define MCAST_UNBLOCK_SOURCE     44
#define MCAST_LEAVE_GROUP        45
#define MCAST_JOIN_SOURCE_GROUP  46
#define MCAST_LEAVE_SOURCE_GROUP 47

/* IP_MTU_DISCOVER, IPV6_MTU_DISCOVER */
#define IP_PMTUDISC_DONT  0 /* no DF */
#define IP_PMTUDISC_WANT  1 /* fragment what is longer than the path MTU */
#define IP_PMTUDISC_DO    2 /* EMSGSIZE for it */
#define IP_PMTUDISC_PROBE 3 /* the same for what is longer than the link's MTU */

#define IPTOS_TOS_MASK             0x1E
#define IPTOS_TOS(tos)             ((tos)&IPTOS_TOS_MASK)
#define IPTOS_LOWDELAY             0x10
#define IPTOS_THROUGHPUT           0x08
#define IPTOS_RELIABILITY          0x04
#define IPTOS_LOWCOST              0x02
#define IPTOS_MINCOST              IPTOS_LOWCOST
#define IPTOS_PREC_MASK            0xe0
#define IPTOS_PREC(tos)            ((tos)&IPTOS_PREC_MASK)
#define IPTOS_PREC_NETCONTROL      0xe0
#define IPTOS_PREC_INTERNETCONTROL 0xc0
#define IPTOS_PREC_CRITIC_ECP      0xa0
#define IPTOS_PREC_FLASHOVERRIDE   0x80
#define IPTOS_PREC_FLASH           0x60
#define IPTOS_PREC_IMMEDIATE       0x40
#define IPTOS_PREC_PRIORITY        0x20
#define IPTOS_PREC_ROUTINE         0x00

typedef struct ip_mreq {
  struct in_addr imr_multiaddr;
  struct in_addr imr_interface; /* address of the interface; INADDR_ANY: by route */
} ip_mreq;

/** IP_ADD_MEMBERSHIP, IP_MULTICAST_IF: also by index. */
struct ip_mreqn {
  struct in_addr imr_multiaddr;
  struct in_addr imr_address;
  int imr_ifindex;
};

struct ip_mreq_source {
  struct in_addr imr_multiaddr;
  struct in_addr imr_interface;
  struct in_addr imr_sourceaddr;
};

struct in_pktinfo {
  unsigned int ipi_ifindex;
  struct in_addr ipi_spec_dst; /* of ours, to answer from; sent with: source */
  struct in_addr ipi_addr;     /* destination of the packet */
};

struct group_req {
  u32_t gr_interface;
  struct sockaddr_storage gr_group;
};

struct group_source_req {
  u32_t gsr_interface;
  struct sockaddr_storage gsr_group;
  struct sockaddr_storage gsr_source;
};

/* --- options of IPPROTO_IPV6 --- */

#if LWIP_IPV6
#define IPV6_CHECKSUM        7
#define IPV6_JOIN_GROUP      12
#define IPV6_LEAVE_GROUP     13
#define IPV6_ADD_MEMBERSHIP  IPV6_JOIN_GROUP
#define IPV6_DROP_MEMBERSHIP IPV6_LEAVE_GROUP
#define IPV6_UNICAST_HOPS    16
#define IPV6_MTU_DISCOVER    23
#define IPV6_MTU             24
#define IPV6_V6ONLY          27
#define IPV6_RECVPKTINFO     49
#define IPV6_PKTINFO         50
#define IPV6_RECVHOPLIMIT    51
#define IPV6_HOPLIMIT        52
#define IPV6_RECVTCLASS      66
#define IPV6_TCLASS          67
#define IPV6_MULTICAST_IF    0x300
#define IPV6_MULTICAST_HOPS  0x301
#define IPV6_MULTICAST_LOOP  0x302

#define IPV6_PMTUDISC_DONT  IP_PMTUDISC_DONT
#define IPV6_PMTUDISC_WANT  IP_PMTUDISC_WANT
#define IPV6_PMTUDISC_DO    IP_PMTUDISC_DO
#define IPV6_PMTUDISC_PROBE IP_PMTUDISC_PROBE

typedef struct ipv6_mreq {
  struct in6_addr ipv6mr_multiaddr;
  unsigned int ipv6mr_interface; /* index; 0: by route */
} ipv6_mreq;

struct in6_pktinfo {
  struct in6_addr ipi6_addr;
  unsigned int ipi6_ifindex;
};
#endif

/* --- options of TCP, UDP-Lite and raw sockets --- */

#define TCP_NODELAY       0x01
#define TCP_KEEPALIVE     0x02 /* milliseconds */
#define TCP_KEEPIDLE      0x03 /* seconds */
#define TCP_KEEPINTVL     0x04 /* seconds */
#define TCP_KEEPCNT       0x05
#define TCP_MAXSEG        0x10
#define TCP_CORK          0x11
#define TCP_INFO          0x12 /* struct tcp_connection_info of gossamer/tcp_info.h */
#define TCP_QUICKACK      0x13
#define TCP_USER_TIMEOUT  0x14 /* milliseconds */
#define TCP_CONGESTION    0x15 /* name */
#define TCP_NOTSENT_LOWAT 0x16

#define UDPLITE_SEND_CSCOV 0x01
#define UDPLITE_RECV_CSCOV 0x02

/** IPPROTO_RAW: types of ICMP that a socket does not hear. */
#define ICMP_FILTER 1
struct icmp_filter {
  u32_t data; /* bit set: refused */
};

/** IPPROTO_ICMPV6 (RFC 3542 3.2). */
#define ICMP6_FILTER 1
struct icmp6_filter {
  u32_t icmp6_filt[8]; /* bit set: refused */
};
#define ICMP6_FILTER_SETPASSALL(f)   memset((f), 0, sizeof(struct icmp6_filter))
#define ICMP6_FILTER_SETBLOCKALL(f)  memset((f), 0xff, sizeof(struct icmp6_filter))
#define ICMP6_FILTER_SETPASS(t, f)   ((f)->icmp6_filt[(t) >> 5] &= (u32_t) ~(1UL << ((t)&31)))
#define ICMP6_FILTER_SETBLOCK(t, f)  ((f)->icmp6_filt[(t) >> 5] |= (u32_t)(1UL << ((t)&31)))
#define ICMP6_FILTER_WILLPASS(t, f)  (((f)->icmp6_filt[(t) >> 5] & (1UL << ((t)&31))) == 0)
#define ICMP6_FILTER_WILLBLOCK(t, f) (!ICMP6_FILTER_WILLPASS(t, f))

/* --- ioctl() and fcntl() --- */

#if !defined(FIONREAD) || !defined(FIONBIO)
#define IOCPARM_MASK  0x7fUL
#define IOC_VOID      0x20000000UL
#define IOC_OUT       0x40000000UL
#define IOC_IN        0x80000000UL
#define IOC_INOUT     (IOC_IN | IOC_OUT)
#define _IO(x, y)     ((long)(IOC_VOID | ((x) << 8) | (y)))
#define _IOR(x, y, t) ((long)(IOC_OUT | ((sizeof(t) & IOCPARM_MASK) << 16) | ((x) << 8) | (y)))
#define _IOW(x, y, t) ((long)(IOC_IN | ((sizeof(t) & IOCPARM_MASK) << 16) | ((x) << 8) | (y)))
#endif
#ifndef FIONREAD
#define FIONREAD _IOR('f', 127, unsigned long)
#endif
#ifndef FIONBIO
#define FIONBIO _IOW('f', 126, unsigned long)
#endif
#ifndef SIOCSHIWAT
#define SIOCSHIWAT _IOW('s', 0, unsigned long)
#define SIOCGHIWAT _IOR('s', 1, unsigned long)
#define SIOCSLOWAT _IOW('s', 2, unsigned long)
#define SIOCGLOWAT _IOR('s', 3, unsigned long)
#define SIOCATMARK _IOR('s', 7, unsigned long)
#endif

#ifndef F_DUPFD
#define F_DUPFD 0
#endif
#ifndef F_GETFD
#define F_GETFD 1
#endif
#ifndef F_SETFD
#define F_SETFD 2
#endif
#ifndef F_DUPFD_CLOEXEC
#define F_DUPFD_CLOEXEC 1030
#endif
#ifndef FD_CLOEXEC
#define FD_CLOEXEC 1
#endif
#ifndef F_GETFL
#define F_GETFL 3
#endif
#ifndef F_SETFL
#define F_SETFL 4
#endif
#ifndef O_NONBLOCK
#define O_NONBLOCK 1
#endif
#ifndef O_NDELAY
#define O_NDELAY O_NONBLOCK
#endif
#ifndef O_RDONLY
#define O_RDONLY 2
#endif
#ifndef O_WRONLY
#define O_WRONLY 4
#endif
#ifndef O_RDWR
#define O_RDWR (O_RDONLY | O_WRONLY)
#endif

/* --- select() and poll() --- */

#ifndef FD_SET
#undef FD_SETSIZE
/** How many sockets there may be. */
#define FD_SETSIZE          MEMP_NUM_NETCONN
#define LWIP_SELECT_MAXNFDS (FD_SETSIZE + LWIP_SOCKET_OFFSET)
#define FDSETSAFESET(n, code)                                                                      \
  do {                                                                                             \
    if (((n)-LWIP_SOCKET_OFFSET < MEMP_NUM_NETCONN) && (((int)(n)-LWIP_SOCKET_OFFSET) >= 0)) {     \
      code;                                                                                        \
    }                                                                                              \
  } while (0)
#define FDSETSAFEGET(n, code)                                                                      \
  (((n)-LWIP_SOCKET_OFFSET < MEMP_NUM_NETCONN) && (((int)(n)-LWIP_SOCKET_OFFSET) >= 0) ? (code) : 0)
#define FD_SET(n, p)                                                                               \
  FDSETSAFESET(n, (p)->fd_bits[((n)-LWIP_SOCKET_OFFSET) / 8] =                                     \
                      (u8_t)((p)->fd_bits[((n)-LWIP_SOCKET_OFFSET) / 8] |                          \
                             (1 << (((n)-LWIP_SOCKET_OFFSET) & 7))))
#define FD_CLR(n, p)                                                                               \
  FDSETSAFESET(n, (p)->fd_bits[((n)-LWIP_SOCKET_OFFSET) / 8] =                                     \
                      (u8_t)((p)->fd_bits[((n)-LWIP_SOCKET_OFFSET) / 8] &                          \
                             ~(1 << (((n)-LWIP_SOCKET_OFFSET) & 7))))
#define FD_ISSET(n, p)                                                                             \
  FDSETSAFEGET(n,                                                                                  \
               (p)->fd_bits[((n)-LWIP_SOCKET_OFFSET) / 8] & (1 << (((n)-LWIP_SOCKET_OFFSET) & 7)))
#define FD_ZERO(p) memset((void *)(p), 0, sizeof(*(p)))

typedef struct fd_set {
  unsigned char fd_bits[(FD_SETSIZE + 7) / 8];
} fd_set;
#else
#define LWIP_SELECT_MAXNFDS FD_SETSIZE
#endif

#if !defined(POLLIN) && !defined(POLLOUT)
#define POLLIN     0x1
#define POLLOUT    0x2
#define POLLERR    0x4
#define POLLNVAL   0x8
#define POLLRDNORM 0x10
#define POLLRDBAND 0x20
#define POLLPRI    0x40
#define POLLWRNORM 0x80
#define POLLWRBAND 0x100
#define POLLHUP    0x200
#define POLLRDHUP  0x400 /* the peer sends no more */
typedef unsigned int nfds_t;
struct pollfd {
  int fd;
  short events;
  short revents;
};
#endif

/** 0: cc.h has `struct timeval`. */
#ifndef LWIP_TIMEVAL_PRIVATE
#define LWIP_TIMEVAL_PRIVATE 1
#endif
#if LWIP_TIMEVAL_PRIVATE
struct timeval {
  long tv_sec;
  long tv_usec;
};
#endif

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_SOCKETS_TYPES_H */
