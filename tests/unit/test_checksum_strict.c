/** @file The checksum as machines get it that must not load words from unaligned addresses. */
#define CHKSUM_UNALIGNED_OK 0
#include "base/inet_chksum.c"

#include "checksum_cases.h"
