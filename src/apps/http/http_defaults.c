/**
 * @file
 * The program's functions, for programs that do not define them.
 */
#include "lwip/priv/http_defaults.h"
