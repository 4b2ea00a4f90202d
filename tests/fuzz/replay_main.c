/**
 * @file
 * Runs a fuzz target over files and folders given as arguments, without libFuzzer. Prints TAP.
 */
#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>
#include "common.h"

static unsigned replayed, unreadable;
static bool is_loud;

static void replay_file(const char *path)
{
  FILE *f = fopen(path, "rb");
  if (f == NULL) {
    printf("# %s: %s\n", path, strerror(errno));
    unreadable++;
    return;
  }
  size_t room = 1 << 20;
  u8_t *buf = malloc(room);
  FUZZ_ASSERT(buf != NULL);
  size_t len = fread(buf, 1, room, f);
  fclose(f);
  struct exact input = exact_copy(buf, len);
  free(buf);
  if (is_loud) { /* a crash shall name its input */
    printf("# %s\n", path);
    fflush(stdout);
  }
  LLVMFuzzerTestOneInput(input.bytes, len);
  exact_free(input);
  replayed++;
}

static void replay_folder(const char *folder)
{
  struct dirent **entry;
  int count = scandir(folder, &entry, NULL, alphasort);
  for (int i = 0; i < count; i++) {
    char path[4096];
    struct stat st;
    snprintf(path, sizeof path, "%s/%s", folder, entry[i]->d_name);
    if (stat(path, &st) == 0 && S_ISREG(st.st_mode)) {
      replay_file(path);
    }
    free(entry[i]);
  }
  if (count < 0) {
    printf("# %s: %s\n", folder, strerror(errno));
    unreadable++;
  } else {
    free(entry);
  }
}

int main(int argc, char **argv)
{
  is_loud = getenv("FUZZ_REPLAY_LOUD") != NULL;
  for (int i = 1; i < argc; i++) {
    struct stat st;
    if (stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode)) {
      replay_folder(argv[i]);
    } else {
      replay_file(argv[i]);
    }
  }
  bool is_ok = replayed > 0 && unreadable == 0;
  printf("1..1\n%sok 1 - replayed %u inputs\n", is_ok ? "" : "not ", replayed);
  return is_ok ? 0 : 1;
}
