/**
 * @file
 * For cmocka tests of socket calls, this stack's or the kernel's.
 */
#ifndef TESTS_API_FAILS_H
#define TESTS_API_FAILS_H

#include <errno.h>

/** The call fails with this errno. */
#define assert_fails(call, error)                                                                  \
  do {                                                                                             \
    errno = 0;                                                                                     \
    assert_int_equal((call), -1);                                                                  \
    assert_int_equal(errno, (error));                                                              \
  } while (0)

#endif /* TESTS_API_FAILS_H */
