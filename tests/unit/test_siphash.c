/** @file SipHash-2-4 against the test values of its authors' reference code. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "lwip/def.h"
#include "base/siphash.h"

/** Key 00 01 ... 0f; the message of length n is 00 01 ... n-1. */
static const struct {
  size_t len;
  u64_t hash;
} vectors[] = {
    {0, 0x726fdb47dd0e0e31ULL},  {1, 0x74f839c593dc67fdULL},  {2, 0x0d6c8009d9a94f5aULL},
    {3, 0x85676696d7fb7e2dULL},  {4, 0xcf2794e0277187b7ULL},  {5, 0x18765564cd99a68dULL},
    {6, 0xcbc9466e58fee3ceULL},  {7, 0xab0200f58b01d137ULL},  {8, 0x93f5f5799a932462ULL},
    {15, 0xa129ca6149be45e5ULL}, {63, 0x958a324ceb064572ULL},
};

static void reference_vectors(void **state)
{
  LWIP_UNUSED_ARG(state);
  u8_t key[SIPHASH_KEY_LEN], message[64];
  for (u8_t i = 0; i < sizeof message; i++) {
    message[i] = i;
    key[i % sizeof key] = (u8_t)(i % sizeof key);
  }
  for (size_t i = 0; i < LWIP_ARRAYSIZE(vectors); i++) {
    assert_int_equal(siphash24(key, message, vectors[i].len), vectors[i].hash);
  }
}

static void alignment_is_no_matter(void **state)
{
  LWIP_UNUSED_ARG(state);
  u8_t key[SIPHASH_KEY_LEN + 8], message[40 + 8];
  for (size_t align = 0; align < 8; align++) {
    memset(key + align, 7, SIPHASH_KEY_LEN);
    memset(message + align, 9, 40);
    assert_int_equal(
        siphash24(key + align, message + align, 37),
        siphash24((const u8_t *)"\7\7\7\7\7\7\7\7\7\7\7\7\7\7\7\7",
                  "\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t"
                  "\t\t",
                  37));
  }
}

static void words_are_hashed_as_bytes(void **state)
{
  LWIP_UNUSED_ARG(state);
  const u8_t key[SIPHASH_KEY_LEN] = {1, 2, 3};
  const u32_t words[] = {0x01020304, 0xfffefdfc, 7};
  assert_int_equal(siphash_u32(key, words, 3), (u32_t)siphash24(key, words, sizeof words));
  assert_int_not_equal(siphash_u32(key, words, 3), siphash_u32(key, words, 2));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reference_vectors),
      cmocka_unit_test(alignment_is_no_matter),
      cmocka_unit_test(words_are_hashed_as_bytes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
