/**
 * @file
 * Names, services and addresses for programs: getaddrinfo(), getnameinfo() and their elders.
 *
 * Any thread may call these functions; who has to wait for an answer sleeps, with no lock held. In
 * callbacks of the stack, where nobody may wait, only what needs no question is answered; the rest
 * is EAI_AGAIN. Every function has its `lwip_` name; LWIP_COMPAT_SOCKETS 1 makes macros of the
 * others, 2 makes them the functions' names. Names are asked as gossamer/resolver.h says.
 */
#ifndef LWIP_HDR_NETDB_H
#define LWIP_HDR_NETDB_H

#include "lwip/opt.h"

#if LWIP_DNS && LWIP_SOCKET

#include "lwip/arch.h"
#include "lwip/inet.h"
#include "lwip/sockets.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What this header declares; a port whose own headers do so sets them to 0. */
#ifndef LWIP_DNS_API_DECLARE_H_ERRNO
#define LWIP_DNS_API_DECLARE_H_ERRNO 1
#endif
#ifndef LWIP_DNS_API_DEFINE_ERRORS
#define LWIP_DNS_API_DEFINE_ERRORS 1
#endif
#ifndef LWIP_DNS_API_DEFINE_FLAGS
#define LWIP_DNS_API_DEFINE_FLAGS 1
#endif
#ifndef LWIP_DNS_API_DECLARE_STRUCTS
#define LWIP_DNS_API_DECLARE_STRUCTS 1
#endif

#if LWIP_DNS_API_DEFINE_ERRORS
/* getaddrinfo(), getnameinfo() */
#define EAI_NONAME     200 /* no such name, or no service and no name */
#define EAI_SERVICE    201 /* no such service for this kind of socket */
#define EAI_FAIL       202 /* the answers were of no use */
#define EAI_MEMORY     203
#define EAI_FAMILY     204 /* no such address family */
#define EAI_AGAIN      205 /* nobody has answered in time, or nobody can be asked now */
#define EAI_BADFLAGS   206
#define EAI_SOCKTYPE   207 /* no such kind of socket */
#define EAI_OVERFLOW   208 /* the buffer is too small */
#define EAI_SYSTEM     209 /* see errno */
#define EAI_ADDRFAMILY 214 /* the address is of another family */
#define EAI_NODATA     215 /* the name has no addresses of this family */

/* h_errno */
#define HOST_NOT_FOUND 210
#define NO_DATA        211
#define NO_RECOVERY    212
#define TRY_AGAIN      213
#endif

#if LWIP_DNS_API_DEFINE_FLAGS
/* struct addrinfo.ai_flags */
#define AI_PASSIVE     0x01 /* without a name: an address to bind to */
#define AI_CANONNAME   0x02 /* tell what the name is an alias of */
#define AI_NUMERICHOST 0x04 /* the name is a number: ask nobody */
#define AI_NUMERICSERV 0x08 /* the service is a number */
#define AI_V4MAPPED    0x10 /* AF_INET6: for want of others IPv4 addresses, as ::ffff:a.b.c.d */
#define AI_ALL         0x20 /* with AI_V4MAPPED: those, too, where there are others */
#define AI_ADDRCONFIG  0x40 /* only of families that an interface beyond loopback has, if any */

/* getnameinfo() */
#define NI_NUMERICHOST  0x01
#define NI_NUMERICSERV  0x02
#define NI_NOFQDN       0x04 /* without effect: there is no domain of our own */
#define NI_NAMEREQD     0x08 /* a name or nothing */
#define NI_DGRAM        0x10 /* the service is one over UDP */
#define NI_NUMERICSCOPE 0x20 /* the zone as a number */
#endif
#ifndef NI_MAXHOST
#define NI_MAXHOST 1025
#endif
#ifndef NI_MAXSERV
#define NI_MAXSERV 32
#endif

#if LWIP_DNS_API_DECLARE_STRUCTS
struct hostent {
  char *h_name;
  char **h_aliases;   /* ends with NULL */
  int h_addrtype;     /* AF_INET; AF_INET6 in builds of IPv6 alone */
  int h_length;       /* of one address */
  char **h_addr_list; /* ends with NULL; network order */
};
#define h_addr h_addr_list[0]

struct addrinfo {
  int ai_flags;
  int ai_family;
  int ai_socktype;
  int ai_protocol;
  socklen_t ai_addrlen;
  struct sockaddr *ai_addr;
  char *ai_canonname; /* in the first one, with AI_CANONNAME */
  struct addrinfo *ai_next;
};
#endif

/** lwIP's bytes for one result; ours come from the heap, so that no number bounds them. */
#define NETDB_ELEM_SIZE                                                                            \
  (sizeof(struct addrinfo) + sizeof(struct sockaddr_storage) + DNS_MAX_NAME_LENGTH + 1)

/* The macros come first: with LWIP_COMPAT_SOCKETS 2 the functions have these names. */
#if LWIP_COMPAT_SOCKETS == 2
#define lwip_gethostbyname   gethostbyname
#define lwip_gethostbyname_r gethostbyname_r
#define lwip_getaddrinfo     getaddrinfo
#define lwip_freeaddrinfo    freeaddrinfo
#define lwip_getnameinfo     getnameinfo
#define lwip_gai_strerror    gai_strerror
#endif

/**
 * All addresses of a host, with the port of a service, ready for socket(), bind() and connect(), in
 * the order in which they are best tried (RFC 6724 6). Without a socket type in `hints` there is
 * one node per address for each of SOCK_STREAM, SOCK_DGRAM and SOCK_RAW (not RAW for services that
 * have a name).
 *
 * @param nodename  a name, or an address as text; IPv6 with zone ("fe80::1%et0"). NULL: loopback,
 * or with AI_PASSIVE any address, IPv6's before IPv4's
 * @param servname  a number, or one of the names that src/api/netdb_service.c knows; NULL: port 0
 * @param hints     NULL: anything
 * @param res       set on success; to be given to freeaddrinfo(), as a whole or in parts. It is one
 *                  block, so that free() of the first node does as well where the heap is libc's
 *                  (MEM_LIBC_MALLOC)
 * @return 0, or EAI_*; EAI_SYSTEM with EFAULT if `res` is NULL, and never else
 */
int lwip_getaddrinfo(const char *nodename, const char *servname, const struct addrinfo *hints,
                     struct addrinfo **res);

/** NULL: nothing. */
void lwip_freeaddrinfo(struct addrinfo *ai);

/**
 * Address and port to text. Names come from the local host list and from DNS, for which this waits
 * (never with NI_NUMERICHOST); for hosts without one the number is told.
 *
 * @param host  gets the host; NULL or `hostlen` 0: not wanted. `serv` likewise
 * @param flags NI_*
 * @return 0, or EAI_*: EAI_OVERFLOW, EAI_NONAME (nothing wanted, or NI_NAMEREQD and there is none),
 *         EAI_FAMILY (also for an address that is too short), EAI_BADFLAGS, EAI_SYSTEM (EFAULT:
 *         `sa` is NULL); with NI_NAMEREQD also EAI_AGAIN (no server answers), EAI_FAIL, EAI_MEMORY
 */
int lwip_getnameinfo(const struct sockaddr *sa, socklen_t salen, char *host, socklen_t hostlen,
                     char *serv, socklen_t servlen, int flags);

/** Text for EAI_*. */
const char *lwip_gai_strerror(int ecode);

/**
 * IPv4 addresses of a host (IPv6 ones in builds of IPv6 alone).
 *
 * @return NULL: h_errno says why. Valid until the next call by any thread of the instance
 */
struct hostent *lwip_gethostbyname(const char *name);

/**
 * The same for several threads.
 *
 * @param ret       filled in; it points into `buf`
 * @param result    `ret`, or NULL on failure
 * @param h_errnop  gets what h_errno would be; may be NULL
 * @return 0; ERANGE: `buf` is too small; EINVAL; -1: `*h_errnop` says why
 */
int lwip_gethostbyname_r(const char *name, struct hostent *ret, char *buf, size_t buflen,
                         struct hostent **result, int *h_errnop);

/** Where h_errno is: one per instance. */
int *lwip_h_errno(void);
#if LWIP_DNS_API_DECLARE_H_ERRNO
#define h_errno (*lwip_h_errno())
#endif

#if LWIP_COMPAT_SOCKETS
#if LWIP_COMPAT_SOCKETS != 2
#define gethostbyname(name) lwip_gethostbyname(name)
#define gethostbyname_r(name, ret, buf, buflen, result, h_errnop)                                  \
  lwip_gethostbyname_r(name, ret, buf, buflen, result, h_errnop)
#define getaddrinfo(nodname, servname, hints, res) lwip_getaddrinfo(nodname, servname, hints, res)
#define freeaddrinfo(addrinfo)                     lwip_freeaddrinfo(addrinfo)
#define getnameinfo(sa, salen, host, hostlen, serv, servlen, flags)                                \
  lwip_getnameinfo(sa, salen, host, hostlen, serv, servlen, flags)
#define gai_strerror(ecode) lwip_gai_strerror(ecode)
#endif
#endif

#ifdef __cplusplus
}
#endif

#endif /* LWIP_DNS && LWIP_SOCKET */

#endif /* LWIP_HDR_NETDB_H */
