/** @file Results as errno and in words. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "lwip/err.h"

static void every_result_has_its_errno(void **state)
{
  static const struct {
    err_t err;
    int number;
  } rows[] = {
      {ERR_OK, 0},
      {ERR_MEM, ENOMEM},
      {ERR_BUF, ENOBUFS},
      {ERR_TIMEOUT, EWOULDBLOCK},
      {ERR_RTE, EHOSTUNREACH},
      {ERR_INPROGRESS, EINPROGRESS},
      {ERR_VAL, EINVAL},
      {ERR_WOULDBLOCK, EWOULDBLOCK},
      {ERR_USE, EADDRINUSE},
      {ERR_ALREADY, EALREADY},
      {ERR_ISCONN, EISCONN},
      {ERR_CONN, ENOTCONN},
      {ERR_IF, ENETDOWN},
      {ERR_ABRT, ECONNABORTED},
      {ERR_RST, ECONNRESET},
      {ERR_CLSD, ENOTCONN},
      {ERR_ARG, EIO},
  };

  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    assert_int_equal(err_to_errno(rows[i].err), rows[i].number);
  }
}

static void what_is_no_result_is_an_input_output_error(void **state)
{
  (void)state;
  assert_int_equal(err_to_errno(1), EIO);
  assert_int_equal(err_to_errno(127), EIO);
  assert_int_equal(err_to_errno(ERR_ARG - 1), EIO);
  assert_int_equal(err_to_errno(-128), EIO);
}

static void every_result_has_words_of_its_own(void **state)
{
  (void)state;
  for (int err = ERR_OK; err >= ERR_ARG; err--) {
    const char *text = (lwip_strerr)((err_t)err);
    assert_non_null(text);
    assert_true(strlen(text) > 0);
    assert_string_not_equal(text, (lwip_strerr)(1));
    for (int other = ERR_OK; other > err; other--) {
      assert_string_not_equal(text, (lwip_strerr)((err_t)other));
    }
  }
  assert_string_equal((lwip_strerr)(-128), (lwip_strerr)(1));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_result_has_its_errno),
      cmocka_unit_test(what_is_no_result_is_an_input_output_error),
      cmocka_unit_test(every_result_has_words_of_its_own),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
