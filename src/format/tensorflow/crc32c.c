/* See crc32c.h. Eight bytes at a time where the processor does it, else four bits at a time. */
#include "format/tensorflow/crc32c.h"

static uint32_t by_table(uint32_t crc, struct span in)
{
    static const uint32_t table[16] = { 0x00000000, 0x105EC76F, 0x20BD8EDE, 0x30E349B1,
                                        0x417B1DBC, 0x5125DAD3, 0x61C69362, 0x7198540D,
                                        0x82F63B78, 0x92A8FC17, 0xA24BB5A6, 0xB21572C9,
                                        0xC38D26C4, 0xD3D3E1AB, 0xE330A81A, 0xF36E6F75 };

    for (size_t i = 0; i < in.n; i++) {
        crc ^= in.p[i];
        crc = crc >> 4 ^ table[crc & 15];
        crc = crc >> 4 ^ table[crc & 15];
    }
    return crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) static uint32_t by_processor(uint32_t crc, struct span in)
{
    uint64_t word, sum = crc;

    while (take_u64le(&in, &word))
        sum = __builtin_ia32_crc32di(sum, word);
    crc = (uint32_t)sum;
    for (size_t i = 0; i < in.n; i++)
        crc = __builtin_ia32_crc32qi(crc, in.p[i]);
    return crc;
}
#endif

uint32_t crc32c(uint32_t crc, struct span bytes)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("sse4.2"))
        return ~by_processor(~crc, bytes);
#endif
    return ~by_table(~crc, bytes);
}
