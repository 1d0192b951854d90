#include "CBuildStamp.h"

#ifndef MUSTER_COMMIT
#define MUSTER_COMMIT ""
#endif
#ifndef MUSTER_DATE
#define MUSTER_DATE ""
#endif

const char *muster_build_commit(void) { return MUSTER_COMMIT; }

const char *muster_build_date(void) { return MUSTER_DATE; }
