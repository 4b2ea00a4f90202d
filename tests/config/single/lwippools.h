#include "../lwippools.h"
