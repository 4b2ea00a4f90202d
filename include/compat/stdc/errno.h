/** @file C's name for a header of ours: put include/compat/stdc into the include path. */
#include "lwip/errno.h"
