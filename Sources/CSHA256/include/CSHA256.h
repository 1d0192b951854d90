#ifndef MUSTER_SHA256_H
#define MUSTER_SHA256_H

#include <stddef.h>
#include <stdint.h>

/// SHA-256 (FIPS 180-4) of `count` bytes, into 32 bytes at `digest`.
void muster_sha256(const uint8_t *_Nullable bytes, size_t count, uint8_t *_Nonnull digest);

#endif
