# Every source of the library, once. Makefile users: include this file with GOSSAMER_DIR set, compile
# $(GOSSAMER_SOURCES) with -I$(GOSSAMER_DIR)/include -I$(GOSSAMER_DIR)/src and your own lwipopts.h and
# arch/cc.h in the include path. CMakeLists.txt reads the same lists. One file per line.

GOSSAMER_DIR ?= .

GOSSAMER_BASE = \
  src/base/drop.c \
  src/base/instance.c \
  src/base/timeouts.c \
  src/base/timer.c

GOSSAMER_WIRE =

GOSSAMER_LINK =

GOSSAMER_IP =

GOSSAMER_TRANSPORT =

GOSSAMER_REGISTRY = \
  src/stack.c

GOSSAMER_FILES = $(GOSSAMER_BASE) $(GOSSAMER_WIRE) $(GOSSAMER_LINK) $(GOSSAMER_IP) \
  $(GOSSAMER_TRANSPORT) $(GOSSAMER_REGISTRY)

GOSSAMER_SOURCES = $(addprefix $(GOSSAMER_DIR)/,$(GOSSAMER_FILES))
