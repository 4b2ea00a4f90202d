/** @file The checksum as this machine gets it. */
#include "checksum_cases.h"
