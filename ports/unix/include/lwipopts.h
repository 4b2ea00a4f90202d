/** @file Options of the library on POSIX systems. */
#ifndef LWIPOPTS_H
#define LWIPOPTS_H

#include "host.h"

#endif /* LWIPOPTS_H */
