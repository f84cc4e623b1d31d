/*
 * See values.h. Formats of numbers: IEEE 754-2019; bfloat16 is the upper half of
 * binary32; F8 by arxiv.org/abs/2209.05433 and, FNUZ, arxiv.org/abs/2206.02915; F4, F6
 * and E8M0 by OCP Microscaling Formats 1.0.
 *
 * Floats of a type are ordered as their bits are, once those of a negative number
 * are turned over. So a block's range, its greatest magnitude (is there a NaN or an
 * infinity?) and its count of small magnitudes (zero and denormal) are whole-number
 * arithmetic, which compilers make vectors of without leave to reorder fractions.
 */
#include "format/safetensors/values.h"

#include <endian.h>
#include <math.h>
#include <string.h>

#ifndef __clang__
#pragma GCC optimize("O3") /* gcc 12 makes vectors of few loops at -O2 */
#endif

#define BLOCK ((size_t)1024) /* numbers looked at together: they stay in the first cache */
#define LANES ((size_t)16)   /* sums kept side by side, to wait for none of them */

__extension__ typedef __int128 wide;

enum specials { SPECIAL_IEEE, SPECIAL_ONE_NAN, SPECIAL_FNUZ, SPECIAL_NONE, SPECIAL_E8M0 };

/* How a kind of floats lays its bits out. */
struct layout {
    unsigned bits, mantissa;
    int bias;
    enum specials specials;
};

static const struct layout layouts[VALUE_KINDS] = {
    [VALUE_F64] = { 64, 52, 1023, SPECIAL_IEEE },  [VALUE_F32] = { 32, 23, 127, SPECIAL_IEEE },
    [VALUE_C64] = { 32, 23, 127, SPECIAL_IEEE },   [VALUE_F16] = { 16, 10, 15, SPECIAL_IEEE },
    [VALUE_BF16] = { 16, 7, 127, SPECIAL_IEEE },   [VALUE_E4M3] = { 8, 3, 7, SPECIAL_ONE_NAN },
    [VALUE_E5M2] = { 8, 2, 15, SPECIAL_IEEE },     [VALUE_E4M3FNUZ] = { 8, 3, 8, SPECIAL_FNUZ },
    [VALUE_E5M2FNUZ] = { 8, 2, 16, SPECIAL_FNUZ }, [VALUE_E8M0] = { 8, 0, 127, SPECIAL_E8M0 },
    [VALUE_E3M2] = { 6, 2, 3, SPECIAL_NONE },      [VALUE_E2M3] = { 6, 3, 1, SPECIAL_NONE },
    [VALUE_F4] = { 4, 1, 1, SPECIAL_NONE },
};

enum class { CLASS_NUMBER, CLASS_ZERO, CLASS_DENORMAL, CLASS_INF, CLASS_NAN, CLASS_NOT_BOOL };

bool values_are_floats(enum value_kind kind)
{
    return layouts[kind].bits != 0;
}

unsigned values_exponent_bits(enum value_kind kind)
{
    const struct layout *f = &layouts[kind];

    if (f->bits == 0 || f->specials == SPECIAL_E8M0)
        return f->bits;
    return f->bits - f->mantissa - 1;
}

void values_init(struct values *v)
{
    *v = (struct values){ .min = INFINITY, .max = -INFINITY };
}

double values_mean(const struct values *v)
{
    uint64_t finite = v->n - v->nan - v->inf;
    double mean = finite ? (double)(v->sum / (long double)finite) : 0;

    if (finite == 0)
        return 0;
    return mean < v->min ? v->min : mean > v->max ? v->max : mean; /* what rounding did */
}

static void widen(struct values *v, double low, double high)
{
    v->min = low < v->min ? low : v->min;
    v->max = high > v->max ? high : v->max;
}

static uint64_t magnitude_mask(const struct layout *f)
{
    return (UINT64_C(1) << (f->bits - 1)) - 1;
}

static enum class class_special(const struct layout *f, uint64_t x) {
    uint64_t mask = magnitude_mask(f), magnitude = x & mask;
    uint64_t infinity = mask >> f->mantissa << f->mantissa;

    switch (f->specials){
        case SPECIAL_IEEE : return magnitude < infinity ? CLASS_NUMBER
        : magnitude == infinity                         ? CLASS_INF
                                                        : CLASS_NAN;
        case SPECIAL_ONE_NAN : return magnitude == mask ? CLASS_NAN : CLASS_NUMBER;
        case SPECIAL_FNUZ : return x == mask + 1 ? CLASS_NAN : CLASS_NUMBER;
        case SPECIAL_E8M0 : return x == 0xff ? CLASS_NAN : CLASS_NUMBER;
        case SPECIAL_NONE : break;
    }
return CLASS_NUMBER;
}

static enum class class_of(const struct layout *f, uint64_t x) {
    uint64_t magnitude = x & magnitude_mask(f); enum class c = class_special(f, x);

    if (c != CLASS_NUMBER || f->specials == SPECIAL_E8M0) return c;
    return magnitude == 0                  ? CLASS_ZERO
           : magnitude >> f->mantissa == 0 ? CLASS_DENORMAL
                                           : CLASS_NUMBER;
}

/* The value of a finite number: a normal one is made of its own bits, moved to where a double's
 * are. */
static double decode(const struct layout *f, uint64_t x)
{
    uint64_t magnitude = x & magnitude_mask(f), exponent = magnitude >> f->mantissa;
    uint64_t sign = x >> (f->bits - 1) << 63, bits;
    double v;

    if (f->specials == SPECIAL_E8M0)
        return ldexp(1, (int)x - f->bias);
    if (exponent == 0) {
        v = ldexp((double)magnitude, 1 - f->bias - (int)f->mantissa);
        return sign ? -v : v;
    }
    bits = sign | (magnitude + ((uint64_t)(1023 - f->bias) << f->mantissa)) << (52 - f->mantissa);
    memcpy(&v, &bits, sizeof v);
    return v;
}

/* Counts `times` numbers of one class; place is that of the first of them. */
static void count(struct values *v, enum class c, uint64_t times, uint64_t place)
{
    if (c >= CLASS_INF && v->nan + v->inf + v->not_bool == 0)
        v->first_odd = place;
    v->zero += c == CLASS_ZERO ? times : 0;
    v->denormal += c == CLASS_DENORMAL ? times : 0;
    v->inf += c == CLASS_INF ? times : 0;
    v->nan += c == CLASS_NAN ? times : 0;
    v->not_bool += c == CLASS_NOT_BOOL ? times : 0;
}

static void add_float(struct values *v, const struct layout *f, uint64_t x)
{
    enum class c = class_of(f, x);
    double value;

    count(v, c, 1, v->n++);
    if (c >= CLASS_INF)
        return;
    value = decode(f, x);
    v->sum += value;
    widen(v, value, value);
}

static ALWAYS_INLINE uint8_t load8(const uint8_t *p, size_t i)
{
    return p[i];
}

/* Little-endian bytes as the machine's own number. */
static ALWAYS_INLINE uint16_t load16(const uint8_t *p, size_t i)
{
    uint16_t x;

    memcpy(&x, p + 2 * i, sizeof x);
    return le16toh(x);
}

static ALWAYS_INLINE uint32_t load32(const uint8_t *p, size_t i)
{
    uint32_t x;

    memcpy(&x, p + 4 * i, sizeof x);
    return le32toh(x);
}

static ALWAYS_INLINE uint64_t load64(const uint8_t *p, size_t i)
{
    uint64_t x;

    memcpy(&x, p + 8 * i, sizeof x);
    return le64toh(x);
}

/* What one pass over a block of numbers tells. */
struct look {
    uint64_t top;      /* greatest magnitude, as bits */
    uint64_t small;    /* zero or denormal; of whole numbers: zero */
    int64_t low, high; /* range: of floats by their order; of unsigned ones as those bits */
    double sum;
};

/* The order of floats in that of whole numbers, and back: it is its own inverse. */
#define ORDERED(x, bits) ((x) ^ ((uint##bits##_t)((int##bits##_t)(x) >> ((bits)-1)) >> 1))

#define LOOK_FLOAT(name, bits, tiny)                                                               \
    static ALWAYS_INLINE void name(const uint8_t *p, struct look *l)                               \
    {                                                                                              \
        int##bits##_t top = 0, low = INT##bits##_MAX, high = INT##bits##_MIN;                      \
        uint##bits##_t small = 0;                                                                  \
                                                                                                   \
        for (size_t i = 0; i < BLOCK; i++) {                                                       \
            uint##bits##_t x = load##bits(p, i);                                                   \
            int##bits##_t magnitude = (int##bits##_t)(x & INT##bits##_MAX);                        \
            int##bits##_t key = (int##bits##_t)ORDERED(x, bits);                                   \
                                                                                                   \
            top = top > magnitude ? top : magnitude;                                               \
            small = (uint##bits##_t)(small + (magnitude < (int##bits##_t)(tiny)));                 \
            low = low < key ? low : key;                                                           \
            high = high > key ? high : key;                                                        \
        }                                                                                          \
        l->top = (uint64_t)top, l->small = small, l->low = low, l->high = high;                    \
    }
LOOK_FLOAT(look_f16, 16, 1 << 10)
LOOK_FLOAT(look_bf16, 16, 1 << 7)
LOOK_FLOAT(look_f32, 32, 1 << 23)
LOOK_FLOAT(look_f64, 64, INT64_C(1) << 52)

/* As floats of the machine. The exponent of F16 is set right by a product, exact for denormals. */
static ALWAYS_INLINE double float_f16(const uint8_t *p, size_t i)
{
    uint32_t x = load16(p, i), bits = (x & 0x7fff) << 13 | (x & 0x8000) << 16;
    float f;

    memcpy(&f, &bits, sizeof f);
    return (double)(f * 0x1p112f);
}

static ALWAYS_INLINE double float_bf16(const uint8_t *p, size_t i)
{
    uint32_t bits = (uint32_t)load16(p, i) << 16;
    float f;

    memcpy(&f, &bits, sizeof f);
    return (double)f;
}

static ALWAYS_INLINE double float_f32(const uint8_t *p, size_t i)
{
    uint32_t bits = load32(p, i);
    float f;

    memcpy(&f, &bits, sizeof f);
    return (double)f;
}

static ALWAYS_INLINE double float_f64(const uint8_t *p, size_t i)
{
    uint64_t bits = load64(p, i);
    double f;

    memcpy(&f, &bits, sizeof f);
    return f;
}

#define SUM_FLOAT(name, get)                                                                       \
    static ALWAYS_INLINE double name(const uint8_t *p)                                             \
    {                                                                                              \
        double lanes[LANES] = { 0 }, sum = 0;                                                      \
                                                                                                   \
        for (size_t i = 0; i < BLOCK; i += LANES)                                                  \
            for (size_t k = 0; k < LANES; k++)                                                     \
                lanes[k] += get(p, i + k);                                                         \
        for (size_t k = 0; k < LANES; k++)                                                         \
            sum += lanes[k];                                                                       \
        return sum;                                                                                \
    }
SUM_FLOAT(sum_f16, float_f16)
SUM_FLOAT(sum_bf16, float_bf16)
SUM_FLOAT(sum_f32, float_f32)
SUM_FLOAT(sum_f64, float_f64)

#define LOOK_WHOLE(name, bits, type, most, least)                                                  \
    static ALWAYS_INLINE void name(const uint8_t *p, struct look *l)                               \
    {                                                                                              \
        type low = most, high = least;                                                             \
        uint32_t zero = 0;                                                                         \
        int64_t sum = 0;                                                                           \
                                                                                                   \
        for (size_t i = 0; i < BLOCK; i++) {                                                       \
            type x = (type)load##bits(p, i);                                                       \
                                                                                                   \
            low = low < x ? low : x;                                                               \
            high = high > x ? high : x;                                                            \
            zero += x == 0;                                                                        \
            sum += (int64_t)x;                                                                     \
        }                                                                                          \
        l->small = zero, l->low = low, l->high = high, l->sum = (double)sum;                       \
    }
LOOK_WHOLE(look_i8, 8, int8_t, INT8_MAX, INT8_MIN)
LOOK_WHOLE(look_u8, 8, uint8_t, UINT8_MAX, 0)
LOOK_WHOLE(look_i16, 16, int16_t, INT16_MAX, INT16_MIN)
LOOK_WHOLE(look_u16, 16, uint16_t, UINT16_MAX, 0)
LOOK_WHOLE(look_i32, 32, int32_t, INT32_MAX, INT32_MIN)
LOOK_WHOLE(look_u32, 32, uint32_t, UINT32_MAX, 0)

/*
 * Of 64 bits. Signed numbers are moved up by half the range, to be ordered as
 * unsigned ones, and back at the end; the halves of each are summed apart.
 */
static ALWAYS_INLINE void look_whole64(const uint8_t *p, uint64_t up, struct look *l)
{
    uint64_t low = UINT64_MAX, high = 0, zero = 0, lower = 0, upper = 0;

    for (size_t i = 0; i < BLOCK; i++) {
        uint64_t x = load64(p, i) ^ up;

        low = low < x ? low : x;
        high = high > x ? high : x;
        zero += x == up;
        lower += x & UINT32_MAX;
        upper += x >> 32;
    }
    l->small = zero, l->low = (int64_t)(low ^ up), l->high = (int64_t)(high ^ up);
    l->sum = (double)(((wide)upper << 32) + (wide)lower - (wide)BLOCK * (wide)up);
}

/* Of the small magnitudes of a block, how many are zero. */
#define ZEROS(name, bits)                                                                          \
    static ALWAYS_INLINE uint64_t name(const uint8_t *p)                                           \
    {                                                                                              \
        uint##bits##_t n = 0;                                                                      \
                                                                                                   \
        for (size_t i = 0; i < BLOCK; i++)                                                         \
            n = (uint##bits##_t)(n + ((load##bits(p, i) & INT##bits##_MAX) == 0));                 \
        return n;                                                                                  \
    }
ZEROS(zeros16, 16)
ZEROS(zeros32, 32)
ZEROS(zeros64, 64)

static ALWAYS_INLINE void look(enum value_kind kind, const uint8_t *p, struct look *l)
{
    switch (kind) {
    case VALUE_F64:
        look_f64(p, l);
        l->sum = sum_f64(p);
        break;
    case VALUE_F32:
        look_f32(p, l);
        l->sum = sum_f32(p);
        break;
    case VALUE_F16:
        look_f16(p, l);
        l->sum = sum_f16(p);
        break;
    case VALUE_BF16:
        look_bf16(p, l);
        l->sum = sum_bf16(p);
        break;
    case VALUE_I8:
        look_i8(p, l);
        break;
    case VALUE_U8:
    case VALUE_BOOL:
        look_u8(p, l);
        break;
    case VALUE_I16:
        look_i16(p, l);
        break;
    case VALUE_U16:
        look_u16(p, l);
        break;
    case VALUE_I32:
        look_i32(p, l);
        break;
    case VALUE_U32:
        look_u32(p, l);
        break;
    case VALUE_I64:
        look_whole64(p, UINT64_C(1) << 63, l);
        break;
    default:
        look_whole64(p, 0, l);
    }
}

static ALWAYS_INLINE uint64_t zeros(unsigned bits, const uint8_t *p)
{
    return bits == 16 ? zeros16(p) : bits == 32 ? zeros32(p) : zeros64(p);
}

/* The two passes, compiled for every machine and for those with wide vectors. */
struct passes {
    void (*look)(enum value_kind kind, const uint8_t *p, struct look *l);
    uint64_t (*zeros)(unsigned bits, const uint8_t *p);
};

static void look_anywhere(enum value_kind kind, const uint8_t *p, struct look *l)
{
    look(kind, p, l);
}

static uint64_t zeros_anywhere(unsigned bits, const uint8_t *p)
{
    return zeros(bits, p);
}

#ifdef __x86_64__
__attribute__((target("avx2"))) static void look_avx2(enum value_kind kind, const uint8_t *p,
                                                      struct look *l)
{
    look(kind, p, l);
}

__attribute__((target("avx2"))) static uint64_t zeros_avx2(unsigned bits, const uint8_t *p)
{
    return zeros(bits, p);
}
#endif

static struct passes passes_here(void)
{
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx2"))
        return (struct passes){ look_avx2, zeros_avx2 };
#endif
    return (struct passes){ look_anywhere, zeros_anywhere };
}

static uint64_t load(unsigned bytes, const uint8_t *p, size_t i)
{
    return bytes == 1   ? load8(p, i)
           : bytes == 2 ? load16(p, i)
           : bytes == 4 ? load32(p, i)
                        : load64(p, i);
}

static void floats_one_by_one(struct values *v, const struct layout *f, struct span in)
{
    unsigned bytes = f->bits / 8;

    for (size_t i = 0; i < in.n / bytes; i++)
        add_float(v, f, load(bytes, in.p, i));
}

#define TABLES ((size_t)4) /* side by side: equal bytes in a row do not wait for each other */

/* How often each byte is there. */
static void tally(struct span in, uint64_t times[256])
{
    uint64_t tables[TABLES][256] = { 0 };
    size_t i = 0;

    for (; i + TABLES <= in.n; i += TABLES)
        for (size_t k = 0; k < TABLES; k++)
            tables[k][in.p[i + k]]++;
    for (; i < in.n; i++)
        tables[0][in.p[i]]++;
    for (size_t c = 0; c < 256; c++)
        times[c] = tables[0][c] + tables[1][c] + tables[2][c] + tables[3][c];
}

/* A number of eight bits or less. */
static enum class class_of_small(enum value_kind kind, uint8_t x, double *value) {
    if (values_are_floats(kind)){ enum class c = class_of(&layouts[kind], x);

                                  *value = c < CLASS_INF ? decode(&layouts[kind], x) : 0;
                                  return c; }
*value = (double)x; /* BOOL */
return x > 1 ? CLASS_NOT_BOOL : x == 0 ? CLASS_ZERO : CLASS_NUMBER;
}

static void add_times(struct values *v, enum value_kind kind, uint8_t x, uint64_t times,
                      uint64_t place)
{
    double value;
    enum class c = class_of_small(kind, x, &value);

    if (times == 0)
        return;
    count(v, c, times, place);
    if (c == CLASS_INF || c == CLASS_NAN)
        return;
    v->sum += (long double)value * (long double)times;
    widen(v, value, value);
}

/* The place of the first odd number; in.n when there is none. */
static uint64_t first_odd(enum value_kind kind, struct span in)
{
    bool odd[256];
    double value;
    size_t i = 0;

    for (unsigned c = 0; c < 256; c++)
        odd[c] = class_of_small(kind, (uint8_t)c, &value) >= CLASS_INF;
    while (i < in.n && !odd[in.p[i]])
        i++;
    return i;
}

/* Numbers of eight bits, odd ones among them. */
static void add_bytes(struct values *v, enum value_kind kind, struct span in)
{
    uint64_t times[256], odd = v->nan + v->inf + v->not_bool;

    tally(in, times);
    for (unsigned c = 0; c < 256; c++)
        add_times(v, kind, (uint8_t)c, times[c], v->n);
    if (odd == 0 && v->nan + v->inf + v->not_bool > 0)
        v->first_odd = v->n + first_odd(kind, in);
    v->n += in.n;
}

/* Back from the order of whole numbers to the bits of a float. */
static double from_order(const struct layout *f, int64_t key)
{
    uint64_t bits = (uint64_t)key & ((magnitude_mask(f) << 1) | 1);

    return decode(f, key < 0 ? bits ^ magnitude_mask(f) : bits);
}

/* Whether a block's sum cannot be told in a double: it holds what is not finite, or nearly so. */
static bool is_odd(const struct layout *f, const struct look *l)
{
    uint64_t infinity = magnitude_mask(f) >> f->mantissa << f->mantissa;

    return l->top >= (f->bits == 64 ? infinity - (UINT64_C(64) << f->mantissa) : infinity);
}

static void add_floats(struct values *v, enum value_kind kind, struct span in)
{
    const struct layout *f = &layouts[kind];
    struct passes passes = passes_here();
    struct span block;

    while (take(&in, BLOCK * f->bits / 8, &block)) {
        struct look l = { 0 };
        uint64_t zero;

        passes.look(kind, block.p, &l);
        if (is_odd(f, &l)) {
            floats_one_by_one(v, f, block);
            continue;
        }
        zero = l.small ? passes.zeros(f->bits, block.p) : 0;
        v->n += BLOCK;
        v->zero += zero;
        v->denormal += l.small - zero;
        v->sum += l.sum;
        widen(v, from_order(f, l.low), from_order(f, l.high));
    }
    floats_one_by_one(v, f, in);
}

/* Of whole numbers. */
static unsigned whole_bytes(enum value_kind kind)
{
    return kind == VALUE_I64 || kind == VALUE_U64   ? 8
           : kind == VALUE_I32 || kind == VALUE_U32 ? 4
           : kind == VALUE_I16 || kind == VALUE_U16 ? 2
                                                    : 1;
}

static bool is_signed(enum value_kind kind)
{
    return kind == VALUE_I64 || kind == VALUE_I32 || kind == VALUE_I16 || kind == VALUE_I8;
}

/* The value of a whole number of that many bytes. */
static long double whole(uint64_t x, unsigned bytes, bool with_sign)
{
    unsigned unused = 64 - 8 * bytes;

    return with_sign ? (long double)((int64_t)(x << unused) >> unused) : (long double)x;
}

static void wholes_one_by_one(struct values *v, enum value_kind kind, struct span in)
{
    unsigned bytes = whole_bytes(kind);

    for (size_t i = 0; i < in.n / bytes; i++) {
        long double x = whole(load(bytes, in.p, i), bytes, is_signed(kind));
        bool not_bool = kind == VALUE_BOOL && x > 1;

        count(v, not_bool ? CLASS_NOT_BOOL : x == 0 ? CLASS_ZERO : CLASS_NUMBER, 1, v->n++);
        v->sum += x;
        widen(v, (double)x, (double)x);
    }
}

static void add_wholes(struct values *v, enum value_kind kind, struct span in)
{
    struct passes passes = passes_here();
    unsigned bytes = whole_bytes(kind);
    struct span block;

    for (struct span rest = in; take(&in, BLOCK * bytes, &block); rest = in) {
        struct look l = { 0 };

        passes.look(kind, block.p, &l);
        if (kind == VALUE_BOOL && l.high > 1) {
            add_bytes(v, kind, rest);
            return;
        }
        v->n += BLOCK;
        v->zero += l.small;
        v->sum += l.sum;
        widen(v, (double)whole((uint64_t)l.low, 8, kind != VALUE_U64),
              (double)whole((uint64_t)l.high, 8, kind != VALUE_U64));
    }
    wholes_one_by_one(v, kind, in);
}

/* Two in a byte. */
static void add_f4(struct values *v, struct span in)
{
    uint64_t times[256];

    tally(in, times);
    for (unsigned c = 0; c < 256; c++) {
        add_times(v, VALUE_F4, c & 15, times[c], v->n);
        add_times(v, VALUE_F4, (uint8_t)(c >> 4), times[c], v->n);
    }
    v->n += 2 * (uint64_t)in.n;
}

/* Four in three bytes. */
static void add_f6(struct values *v, enum value_kind kind, struct span in)
{
    uint64_t times[64] = { 0 };

    for (size_t i = 0; i + 3 <= in.n; i += 3) {
        uint32_t group = in.p[i] | (uint32_t)in.p[i + 1] << 8 | (uint32_t)in.p[i + 2] << 16;

        for (unsigned k = 0; k < 4; k++)
            times[group >> (6 * k) & 63]++;
    }
    for (unsigned c = 0; c < 64; c++)
        add_times(v, kind, (uint8_t)c, times[c], v->n);
    v->n += in.n / 3 * 4;
}

void values_add(struct values *v, enum value_kind kind, struct span body)
{
    switch (kind) {
    case VALUE_F64:
    case VALUE_F32:
    case VALUE_F16:
    case VALUE_BF16:
        add_floats(v, kind, body);
        break;
    case VALUE_C64:
        add_floats(v, VALUE_F32, body);
        break;
    case VALUE_F4:
        add_f4(v, body);
        break;
    case VALUE_E2M3:
    case VALUE_E3M2:
        add_f6(v, kind, body);
        break;
    case VALUE_E4M3:
    case VALUE_E5M2:
    case VALUE_E4M3FNUZ:
    case VALUE_E5M2FNUZ:
    case VALUE_E8M0:
        add_bytes(v, kind, body);
        break;
    default:
        add_wholes(v, kind, body);
    }
}
