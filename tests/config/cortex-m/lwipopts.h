/** @file The device profile, built for a Cortex-M to see that it compiles and how big it is. */
#ifndef LWIPOPTS_H
#define LWIPOPTS_H

#include "device.h"

#endif /* LWIPOPTS_H */
