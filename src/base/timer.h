/** @file Timers are public (gossamer/timer.h), because public structs contain them. */
#include "gossamer/timer.h"
