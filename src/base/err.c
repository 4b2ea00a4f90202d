/** @file Results in words and as errno: one table. No state. */
#include "lwip/err.h"
#include "lwip/def.h"
#include "lwip/errno.h"

static const struct {
  const char *text;
  int number;
} results[] = {
    [-ERR_OK] = {"OK", 0},
    [-ERR_MEM] = {"out of memory", ENOMEM},
    [-ERR_BUF] = {"no buffer", ENOBUFS},
    /* POSIX recv(): a receive time-out shows as EAGAIN. */
    [-ERR_TIMEOUT] = {"timeout", EWOULDBLOCK},
    [-ERR_RTE] = {"no route", EHOSTUNREACH},
    [-ERR_INPROGRESS] = {"in progress", EINPROGRESS},
    [-ERR_VAL] = {"illegal value", EINVAL},
    [-ERR_WOULDBLOCK] = {"would block", EWOULDBLOCK},
    [-ERR_USE] = {"address in use", EADDRINUSE},
    [-ERR_ALREADY] = {"already connecting", EALREADY},
    [-ERR_ISCONN] = {"already connected", EISCONN},
    [-ERR_CONN] = {"not connected", ENOTCONN},
    [-ERR_IF] = {"interface down", ENETDOWN},
    [-ERR_ABRT] = {"connection aborted", ECONNABORTED},
    [-ERR_RST] = {"connection reset", ECONNRESET},
    [-ERR_CLSD] = {"connection closed", ENOTCONN},
    [-ERR_ARG] = {"illegal argument", EIO},
};

static int is_result(err_t err)
{
  return err <= 0 && err >= ERR_ARG;
}

const char *(lwip_strerr)(err_t err)
{
  return is_result(err) ? results[-err].text : "unknown error";
}

int err_to_errno(err_t err)
{
  return is_result(err) ? results[-err].number : EIO;
}
