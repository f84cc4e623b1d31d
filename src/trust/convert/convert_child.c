/* What the locked-down child does: reads the checkpoint, tells the plan, then bytes. */
#include <string.h>

#include "trust/confined.h"
#include "trust/convert/convert.h"

struct telling {
    struct confined_child *child;
    struct checkpoint c;
};

static void tell_byte(struct telling *t, unsigned byte)
{
    uint8_t b = (uint8_t)byte;

    confined_put(t->child, &b, 1);
}

static void tell_number(struct telling *t, uint64_t number)
{
    confined_put(t->child, &number, sizeof number);
}

static void tell_text(struct telling *t, struct span text)
{
    uint32_t n = (uint32_t)(text.n < CONVERT_NAME_MAX ? text.n : CONVERT_NAME_MAX);

    confined_put(t->child, &n, sizeof n);
    confined_put(t->child, text.p, n);
}

static void tell_error(struct telling *t)
{
    const struct pratique_error *e = &t->c.error;
    int32_t status = (int32_t)e->status;

    tell_byte(t, PLAN_ERROR);
    confined_put(t->child, &status, sizeof status);
    tell_number(t, e->offset);
    tell_text(t, span_text(e->msg));
}

static void tell_note(void *user, const struct convert_note *note)
{
    struct telling *t = user;

    tell_byte(t, PLAN_NOTE);
    tell_byte(t, note->left_out);
    tell_byte(t, note->dtype);
    tell_number(t, note->bytes);
    tell_text(t, note->name);
    tell_text(t, span_text(note->what));
}

/* Those that are the same as another come last; in the header they are told first. */
static void tell_same(struct telling *t)
{
    for (size_t i = 0; i < t->c.tensors_n; i++) {
        const struct tensor *x = &t->c.tensors[i];

        if (!x->same)
            continue;
        tell_byte(t, PLAN_SAME);
        tell_text(t, x->name);
        tell_text(t, x->same_as);
    }
}

/* Whether the parent may take the bytes out of the file as they are. */
static bool lies_there(const struct checkpoint *c, const struct tensor *x, uint64_t *at)
{
    *at = 0;
    if (x->bytes < PLAN_COPY_MIN || !x->dense || x->flags ||
        (c->big_endian && dtypes[x->dtype].swapped > 1) || c->blobs[x->blob].deflated)
        return false;
    *at = c->blobs[x->blob].at + x->start;
    return true;
}

static void tell_tensor(struct telling *t, const struct tensor *x)
{
    uint64_t at;
    bool there = lies_there(&t->c, x, &at);

    tell_byte(t, PLAN_TENSOR);
    tell_byte(t, x->dtype);
    tell_byte(t, there ? PLAN_IN_FILE : PLAN_GATHERED);
    tell_byte(t, x->overlaps);
    confined_put(t->child, &x->dims, sizeof x->dims);
    tell_number(t, at);
    tell_text(t, x->name);
    for (uint32_t i = 0; i < x->dims; i++)
        tell_number(t, x->shape[i] * (x->dtype == DTYPE_F4 && i == x->dims - 1 ? 2 : 1));
}

/* ---- bytes ---- */

/* A record of bytes that is being filled. */
struct piece {
    uint8_t *p;
    size_t n;
};
#define PIECE_HEAD ((size_t)5)

static void send_piece(struct telling *t, struct piece *piece)
{
    uint32_t n = (uint32_t)piece->n;

    if (!piece->p || n == 0)
        return;
    piece->p[0] = PLAN_BYTES;
    memcpy(piece->p + 1, &n, sizeof n);
    confined_commit(t->child, PIECE_HEAD + n);
    *piece = (struct piece){ 0 };
}

/* All of one tensor, behind what is in the piece already; crosswise in pieces as large as can be.
 */
static bool add_tensor(struct telling *t, struct gather *g, struct piece *piece)
{
    size_t n;

    do {
        if (PLAN_PIECE - piece->n < 16)
            send_piece(t, piece);
        if (!piece->p)
            piece->p = confined_room(t->child, PIECE_HEAD + PLAN_PIECE);
        if (!gather_next(g, piece->p + PIECE_HEAD + piece->n, PLAN_PIECE - piece->n, &n))
            return false;
        piece->n += n;
    } while (n > 0);
    return true;
}

static void tell_bytes(struct telling *t)
{
    struct piece piece = { 0 };
    struct gather g;
    uint64_t at;
    bool ok = true;

    gather_init(&g, &t->c);
    for (size_t i = 0; ok && i < t->c.tensors_n && !t->c.tensors[i].same; i++) {
        if (lies_there(&t->c, &t->c.tensors[i], &at)) {
            send_piece(t, &piece);
            continue;
        }
        gather_start(&g, &t->c.tensors[i]);
        ok = add_tensor(t, &g, &piece);
    }
    if (ok)
        send_piece(t, &piece);
    else
        tell_error(t);
    gather_free(&g);
}

void convert_child(struct confined_child *child, void *arg)
{
    const struct convert_job *job = arg;
    struct telling t = { .child = child };

    if (!checkpoint_read(&t.c, job->file, true, tell_note, &t)) {
        tell_error(&t);
        return;
    }
    tell_same(&t);
    for (size_t i = 0; i < t.c.tensors_n && !t.c.tensors[i].same; i++)
        tell_tensor(&t, &t.c.tensors[i]);
    tell_byte(&t, PLAN_END);
    (void)confined_ask(child);
    tell_bytes(&t);
}
