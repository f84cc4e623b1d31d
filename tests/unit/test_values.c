/* src/format/safetensors: the numbers in a body, and names found twice. */
#include "format/safetensors/values.h"

#include <math.h>

#include "format/safetensors/dtype.h"
#include "format/safetensors/names.h"
#include "model.h"

#define MANY ((size_t)5000) /* more than four blocks, and a rest */

static struct values values_of(enum value_kind kind, struct span body)
{
    struct values v;

    values_init(&v);
    values_add(&v, kind, body);
    return v;
}

/* The bits of one number of each kind, and what it is. */
static const struct {
    const char *what;
    enum value_kind kind;
    unsigned bytes;
    uint64_t bits;
    uint64_t nan, inf, zero, denormal;
    double value; /* where it is finite */
} numbers[] = {
    { "one", VALUE_F64, 8, 0x3ff0000000000000, 0, 0, 0, 0, 1 },
    { "minus two", VALUE_F64, 8, 0xc000000000000000, 0, 0, 0, 0, -2 },
    { "greatest", VALUE_F64, 8, 0x7fefffffffffffff, 0, 0, 0, 0, 0x1.fffffffffffffp1023 },
    { "least", VALUE_F64, 8, 1, 0, 0, 0, 1, 0x1p-1074 },
    { "infinity", VALUE_F64, 8, 0x7ff0000000000000, 0, 1, 0, 0, 0 },
    { "signalling NaN", VALUE_F64, 8, 0x7ff0000000000001, 1, 0, 0, 0, 0 },
    { "minus zero", VALUE_F32, 4, 0x80000000, 0, 0, 1, 0, 0 },
    { "greatest", VALUE_F32, 4, 0x7f7fffff, 0, 0, 0, 0, 0x1.fffffep127 },
    { "greatest denormal", VALUE_F32, 4, 0x007fffff, 0, 0, 0, 1, 0x1.fffffcp-127 },
    { "least normal", VALUE_F32, 4, 0x00800000, 0, 0, 0, 0, 0x1p-126 },
    { "minus infinity", VALUE_F32, 4, 0xff800000, 0, 1, 0, 0, 0 },
    { "minus NaN", VALUE_F32, 4, 0xff800001, 1, 0, 0, 0, 0 },
    { "infinity", VALUE_F16, 2, 0x7c00, 0, 1, 0, 0, 0 },
    { "NaN", VALUE_F16, 2, 0xfc01, 1, 0, 0, 0, 0 },
    { "greatest", VALUE_F16, 2, 0x7bff, 0, 0, 0, 0, 65504 },
    { "least", VALUE_F16, 2, 0x8001, 0, 0, 0, 1, -0x1p-24 },
    { "one", VALUE_BF16, 2, 0x3f80, 0, 0, 0, 0, 1 },
    { "greatest", VALUE_BF16, 2, 0xff7f, 0, 0, 0, 0, -0x1.fep127 },
    { "least", VALUE_BF16, 2, 1, 0, 0, 0, 1, 0x1p-133 },
    { "NaN", VALUE_BF16, 2, 0x7fc0, 1, 0, 0, 0, 0 },
    { "greatest", VALUE_E4M3, 1, 0x7e, 0, 0, 0, 0, 448 },
    { "no infinity", VALUE_E4M3, 1, 0x78, 0, 0, 0, 0, 256 },
    { "NaN", VALUE_E4M3, 1, 0xff, 1, 0, 0, 0, 0 },
    { "least", VALUE_E4M3, 1, 0x01, 0, 0, 0, 1, 0x1p-9 },
    { "greatest", VALUE_E5M2, 1, 0x7b, 0, 0, 0, 0, 57344 },
    { "infinity", VALUE_E5M2, 1, 0xfc, 0, 1, 0, 0, 0 },
    { "NaN", VALUE_E5M2, 1, 0x7e, 1, 0, 0, 0, 0 },
    { "NaN", VALUE_E4M3FNUZ, 1, 0x80, 1, 0, 0, 0, 0 },
    { "greatest", VALUE_E4M3FNUZ, 1, 0x7f, 0, 0, 0, 0, 240 },
    { "NaN", VALUE_E5M2FNUZ, 1, 0x80, 1, 0, 0, 0, 0 },
    { "greatest", VALUE_E5M2FNUZ, 1, 0xff, 0, 0, 0, 0, -57344 },
    { "NaN", VALUE_E8M0, 1, 0xff, 1, 0, 0, 0, 0 },
    { "one", VALUE_E8M0, 1, 0x7f, 0, 0, 0, 0, 1 },
    { "least is a number", VALUE_E8M0, 1, 0, 0, 0, 0, 0, 0x1p-127 },
    { "most", VALUE_U64, 8, UINT64_MAX, 0, 0, 0, 0, 0x1p64 },
    { "least", VALUE_I64, 8, 0x8000000000000000, 0, 0, 0, 0, -0x1p63 },
    { "minus one", VALUE_I64, 8, UINT64_MAX, 0, 0, 0, 0, -1 },
    { "minus one", VALUE_I32, 4, 0xffffffff, 0, 0, 0, 0, -1 },
    { "most", VALUE_U32, 4, 0xffffffff, 0, 0, 0, 0, 4294967295.0 },
    { "least", VALUE_I16, 2, 0x8000, 0, 0, 0, 0, -32768 },
    { "most", VALUE_U16, 2, 0xffff, 0, 0, 0, 0, 65535 },
    { "least", VALUE_I8, 1, 0x80, 0, 0, 0, 0, -128 },
    { "most", VALUE_U8, 1, 0xff, 0, 0, 0, 0, 255 },
    { "zero", VALUE_I64, 8, 0, 0, 0, 1, 0, 0 },
};

/* Puts a number, little-endian, to place i of a body. */
static void put(uint8_t *body, unsigned bytes, size_t i, uint64_t bits)
{
    for (unsigned k = 0; k < bytes; k++)
        body[i * bytes + k] = (uint8_t)(bits >> (8 * k));
}

static bool finite_is(const struct values *v, double value)
{
    bool none = v->nan + v->inf == v->n;

    return none || (v->min == value && v->max == value &&
                    fabs(values_mean(v) - value) <= fabs(value) * 1e-12);
}

/* Alone (read number by number) and five thousand times (read by blocks, at an odd address). */
TEST(values_of_one_number)
{
    static uint8_t body[MANY * 8 + 1];

    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        size_t counts[] = { 1, MANY };

        for (size_t k = 0; k < MANY; k++)
            put(body + 1, numbers[i].bytes, k, numbers[i].bits);
        for (size_t k = 0; k < ARRAY_LEN(counts); k++) {
            uint64_t n = counts[k];
            struct values v =
                values_of(numbers[i].kind, span_of(body + 1, (size_t)n * numbers[i].bytes));

            CHECK(v.n == n && v.nan == n * numbers[i].nan && v.inf == n * numbers[i].inf &&
                      v.zero == n * numbers[i].zero && v.denormal == n * numbers[i].denormal,
                  "kind %d, %s, %zu times: counts", numbers[i].kind, numbers[i].what, counts[k]);
            CHECK(finite_is(&v, numbers[i].value), "kind %d, %s: %g to %g, mean %g",
                  numbers[i].kind, numbers[i].what, v.min, v.max, values_mean(&v));
        }
    }
}

/* One odd number among many, at each place where blocks meet. */
TEST(values_find_one_among_many)
{
    static const size_t places[] = { 0, 1, 1022, 1023, 1024, 2047, 4095, 4096, 4998, 4999 };
    static uint8_t body[MANY * 8];

    for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
        for (size_t k = 0; k < ARRAY_LEN(places); k++) {
            unsigned bytes = numbers[i].bytes;
            struct values v;

            memset(body, 0x31, sizeof body);
            put(body, bytes, places[k], numbers[i].bits);
            v = values_of(numbers[i].kind, span_of(body, MANY * bytes));
            CHECK(v.n == MANY && v.nan == numbers[i].nan && v.inf == numbers[i].inf &&
                      v.zero == numbers[i].zero && v.denormal == numbers[i].denormal,
                  "kind %d, %s at %zu", numbers[i].kind, numbers[i].what, places[k]);
            CHECK(v.nan + v.inf == 0 || v.first_odd == places[k], "kind %d, %s: place %zu",
                  numbers[i].kind, numbers[i].what, places[k]);
        }
}

TEST(values_of_part_bytes)
{
    struct values v = values_of(VALUE_F4, span_of("\x7f\x08", 2));

    CHECK(v.n == 4 && v.zero == 2 && v.min == -6 && v.max == 6, "F4: %g to %g", v.min, v.max);
    v = values_of(VALUE_E2M3, span_of("\x1f\x00\x00", 3));
    CHECK(v.n == 4 && v.zero == 3 && v.max == 7.5, "E2M3, the first in the low bits: %g", v.max);
    v = values_of(VALUE_E3M2, span_of("\x00\x00\xfc", 3));
    CHECK(v.n == 4 && v.zero == 3 && v.min == -28, "E3M2, the last in the high bits: %g", v.min);
    v = values_of(VALUE_BOOL, span_of("\0\1\2\1\377", 5));
    CHECK(v.n == 5 && v.not_bool == 2 && v.first_odd == 2, "BOOL");
    v = values_of(VALUE_C64, span_of("\0\0\200\77\0\0\300\177", 8));
    CHECK(v.n == 2 && v.nan == 1 && v.first_odd == 1, "C64: the imaginary part");
    v = values_of(VALUE_F32, SPAN_EMPTY);
    CHECK(v.n == 0 && values_mean(&v) == 0, "nothing");
}

/* Sums of the greatest numbers do not overflow, and those of both signs cancel. */
TEST(values_mean_of_great_ones)
{
    static uint8_t body[MANY * 8];
    struct values v;

    for (size_t i = 0; i < MANY; i++)
        put(body, 8, i, i % 2 ? 0x7fefffffffffffff : 0xffefffffffffffff);
    v = values_of(VALUE_F64, span_of(body, sizeof body));
    CHECK(values_mean(&v) == 0 && v.max == 0x1.fffffffffffffp1023, "mean %g", values_mean(&v));
    for (size_t i = 0; i < MANY; i++)
        put(body, 8, i, i % 2 ? INT64_MAX : UINT64_C(0x8000000000000000));
    v = values_of(VALUE_I64, span_of(body, sizeof body));
    CHECK(values_mean(&v) == -0.5, "mean %g", values_mean(&v));
}

TEST(dtypes_by_name)
{
    static const char *const none[] = { "", "f32", "F32 ", "F128", "F3", "BOOLEAN" };
    const struct dtype *t = dtype_find(SPAN_LITERAL("F8_E5M2FNUZ"));

    CHECK(t && t->bits == 8 && t->kind == VALUE_E5M2FNUZ, "the last");
    for (size_t i = 0; i < ARRAY_LEN(none); i++)
        CHECK(!dtype_find(span_text(none[i])), "%s", none[i]);
}

static uint64_t hash_of(const char *text, bool by_bytes)
{
    struct name_hash hash = { .h = 42 };

    if (!by_bytes)
        name_hash_bytes(&hash, span_text(text));
    for (; by_bytes && *text; text++)
        name_hash_byte(&hash, (uint8_t)*text);
    return name_hash_end(&hash);
}

TEST(names_hash_is_of_the_bytes)
{
    static const char *const texts[] = {
        "", "a", "ab", "1234567", "12345678", "123456789", "0123456789abcdef"
    };

    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        CHECK(hash_of(texts[i], false) == hash_of(texts[i], true), "%s", texts[i]);
        for (size_t k = 0; k < i; k++)
            CHECK(hash_of(texts[i], false) != hash_of(texts[k], false), "%s, %s", texts[i],
                  texts[k]);
    }
}

TEST(names_twice)
{
    struct names names = { .seed = 1 };
    struct bench b;
    size_t wrong = 0;

    bench_init(&b);
    for (uint64_t i = 1; i <= 20000; i++) {
        bool twice;

        /* All fall into one place of a small table; every third is there already. */
        wrong += names_add(&b.scan, &names, (i % 3 ? i : i - 1) << 12, &twice) != PRATIQUE_OK ||
                 twice != (i % 3 == 0);
    }
    CHECK(wrong == 0, "%zu wrong", wrong);
    names_free(&b.scan, &names);
    bench_free(&b);
}
