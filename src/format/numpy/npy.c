/*
 * NumPy arrays: one .npy file, or several in a row as np.save() writes them to
 * one open file. NEP 1 and numpy.lib.format, versions 1.0, 2.0 and 3.0.
 *
 * The body of a numeric array is measured, not read. An array of objects is a
 * pickle behind a header; whatever numpy would unpickle is run by the machine.
 */
#include "format/numpy/npy.h"

#include <inttypes.h>

#include "base/utf8.h"
#include "format/pickle/pickle.h"
#include "format/rest.h"

#define MAGIC      SPAN_LITERAL("\x93NUMPY")
#define HEADER_MAX 10000 /* numpy's max_header_size */

static bool looks_like(struct span in)
{
    return span_starts(in, MAGIC);
}

/* The magic, the version and the header's text, cut off the front of *in. */
static const char *take_front(struct span *in, uint8_t *major, struct span *text)
{
    uint8_t minor;
    uint16_t n16 = 0;
    uint32_t n32 = 0;

    *text = SPAN_EMPTY;
    if (!skip(in, MAGIC.n) || !take_u8(in, major) || !take_u8(in, &minor))
        return "cut short before its version";
    if (*major < 1 || *major > 3 || minor != 0)
        return "a version that numpy does not read";
    if (!(*major == 1 ? take_u16le(in, &n16) : take_u32le(in, &n32)) ||
        !take(in, (uint64_t)n16 + n32, text))
        return "a header longer than the file";
    if (*major == 3 && !utf8_valid(text->p, text->n))
        return "a header that is not UTF-8";
    return NULL;
}

/* A header that cannot be trusted to say what follows: look at that as it is. */
static enum pratique_status give_up(struct scan *s, struct span body, uint64_t offset,
                                    const char *why)
{
    enum pratique_status st = PRATIQUE_OK;

    if (body.n > 0)
        st = scan_nested(s, body, SPAN_LITERAL("body"), ROLE_ANY);
    if (st != PRATIQUE_OK)
        return scan_fail(s, st, offset, "in the body of an array");
    return scan_fail(s, PRATIQUE_E_FORMAT, offset, "npy: %s", why);
}

static void tell_long_header(struct scan *s, uint64_t offset, struct span text)
{
    facts_add(s->facts, &(struct fact){ .kind = FACT_NPY_HEADER_LONG,
                                        .where = s->where,
                                        .offset = offset,
                                        .number = text.n,
                                        .subject = SPAN_LITERAL("npy"),
                                        .detail = SPAN_EMPTY });
}

/* Cuts the body of one array off *in. */
static enum pratique_status scan_body(struct scan *s, struct span *in, uint64_t offset,
                                      const struct npy_header *h)
{
    struct pickle_options plain = { 0 };
    struct pickle_end end = { 0 };
    enum pratique_status st;

    if (!h->objects) {
        uint64_t had = in->n;

        if (skip(in, h->bytes))
            return PRATIQUE_OK;
        return scan_fail(s, PRATIQUE_E_FORMAT, offset,
                         "npy: the header says %" PRIu64 " bytes, %" PRIu64 " follow", h->bytes,
                         had);
    }
    scan_fact(s, FACT_NPY_OBJECTS, offset, h->descr, h->shape);
    st = pickle_run(s, *in, offset, &plain, &end);
    s->budget->work_done += end.consumed;
    if (st == PRATIQUE_OK && !skip(in, end.consumed))
        *in = SPAN_EMPTY;
    return st;
}

/* Cuts one array off *in; whole is the file, for offsets. */
static enum pratique_status scan_array(struct scan *s, struct span whole, struct span *in)
{
    uint64_t start = whole.n - in->n, offset;
    struct npy_header h;
    struct span text;
    uint8_t major;
    const char *why = take_front(in, &major, &text);

    offset = whole.n - in->n;
    if (!why)
        why = npy_header_read(text, major < 3, &h);
    if (why)
        return give_up(s, *in, start, why);
    s->budget->work_done += offset - start;
    if (text.n > HEADER_MAX)
        tell_long_header(s, start, text);
    if (start == 0)
        scan_read(s, "npy", whole.n, "version %u.0, %.*s, %.*s", major,
                  (int)(h.descr.n < 100 ? h.descr.n : 100), (const char *)h.descr.p,
                  (int)(h.shape.n < 100 ? h.shape.n : 100), (const char *)h.shape.p);
    return scan_body(s, in, offset, &h);
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    struct span rest = in;

    do {
        enum pratique_status st = scan_array(s, in, &rest);

        if (st != PRATIQUE_OK)
            return st;
        if (!budget_time(s->budget))
            return scan_fail_budget(s, in.n - rest.n);
    } while (looks_like(rest));
    return scan_rest(s, "npy", in.n - rest.n, rest);
}

const struct format format_npy = {
    .name = "npy",
    .spec = "NumPy .npy format, versions 1.0 to 3.0 (NEP 1)",
    .looks_like = looks_like,
    .scan = scan,
};
