/* CRC-32C (Castagnoli, RFC 3720 B.4), masked as LevelDB and TensorFlow store it. */
#ifndef PRATIQUE_FORMAT_TENSORFLOW_CRC32C_H
#define PRATIQUE_FORMAT_TENSORFLOW_CRC32C_H

#include "input/span.h"

/* Of bytes, going on from an earlier part; 0 to begin. */
uint32_t crc32c(uint32_t crc, struct span bytes);

static inline uint32_t crc32c_masked(uint32_t crc)
{
    return (crc >> 15 | crc << 17) + 0xA282EAD8u;
}

#endif
