#ifndef MUSTER_BUILD_STAMP_H
#define MUSTER_BUILD_STAMP_H

/// The commit that the program was built from, as `make dist` told the build; empty where nobody did.
const char *_Nonnull muster_build_commit(void);

/// The day of that commit, in UTC: 2026-01-02; empty where nobody told the build.
const char *_Nonnull muster_build_date(void);

#endif
