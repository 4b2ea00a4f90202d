/** @file POSIX's name for a header of ours: put include/compat/posix into the include path. */
#include "lwip/sockets.h"
