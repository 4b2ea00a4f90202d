/**
 * @file
 * String helpers that C libraries have under various names or not at all. ASCII only, whatever the
 * locale says: they compare protocol text. No state.
 */
#include <limits.h>
#include <string.h>
#include "lwip/def.h"

/* cc.h may map these names to functions of the C library; ours then lie unused in the archive. */
#undef lwip_itoa
#undef lwip_strnicmp
#undef lwip_stricmp
#undef lwip_strnstr
#undef lwip_strnistr
#undef lwip_memcmp_consttime

void lwip_itoa(char *result, size_t bufsize, int number);
int lwip_strnicmp(const char *str1, const char *str2, size_t len);
int lwip_stricmp(const char *str1, const char *str2);
char *lwip_strnstr(const char *buffer, const char *token, size_t n);
char *lwip_strnistr(const char *buffer, const char *token, size_t n);
int lwip_memcmp_consttime(const void *s1, const void *s2, size_t len);

/** Characters of the longest int, sign included. */
enum { INT_TEXT_LEN = sizeof(int) * CHAR_BIT / 3 + 2 };

void lwip_itoa(char *result, size_t bufsize, int number)
{
  char text[INT_TEXT_LEN];
  size_t start = sizeof(text);
  /* The magnitude of INT_MIN is no int. */
  unsigned int rest = number < 0 ? 0U - (unsigned int)number : (unsigned int)number;

  if (bufsize == 0) {
    return;
  }
  do {
    text[--start] = (char)('0' + rest % 10);
    rest /= 10;
  } while (rest != 0);
  if (number < 0) {
    text[--start] = '-';
  }
  size_t len = sizeof(text) - start;
  if (len >= bufsize) {
    len = 0;
  }
  memcpy(result, text + start, len);
  result[len] = '\0';
}

static int ascii_lower(char c)
{
  return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (unsigned char)c;
}

int lwip_strnicmp(const char *str1, const char *str2, size_t len)
{
  for (size_t i = 0; i < len; i++) {
    int diff = ascii_lower(str1[i]) - ascii_lower(str2[i]);
    if (diff != 0 || str1[i] == '\0') {
      return diff;
    }
  }
  return 0;
}

int lwip_stricmp(const char *str1, const char *str2)
{
  return lwip_strnicmp(str1, str2, SIZE_MAX);
}

static int same_case_ncmp(const char *a, const char *b, size_t len)
{
  return memcmp(a, b, len);
}

static char *find_token(const char *buffer, const char *token, size_t n,
                        int (*compare)(const char *, const char *, size_t))
{
  size_t token_len = strlen(token);
  size_t text_len = 0;

  while (text_len < n && buffer[text_len] != '\0') {
    text_len++;
  }
  for (size_t i = 0; token_len <= text_len && i <= text_len - token_len; i++) {
    if (compare(buffer + i, token, token_len) == 0) {
      return LWIP_CONST_CAST(char *, (buffer + i));
    }
  }
  return NULL;
}

char *lwip_strnstr(const char *buffer, const char *token, size_t n)
{
  return find_token(buffer, token, n, same_case_ncmp);
}

char *lwip_strnistr(const char *buffer, const char *token, size_t n)
{
  return find_token(buffer, token, n, lwip_strnicmp);
}

int lwip_memcmp_consttime(const void *s1, const void *s2, size_t len)
{
  const volatile u8_t *a = s1;
  const volatile u8_t *b = s2;
  u8_t diff = 0;

  for (size_t i = 0; i < len; i++) {
    diff = (u8_t)(diff | (a[i] ^ b[i]));
  }
  return diff;
}
