/* See walk.h. */
#include "format/protobuf/walk.h"

#include <inttypes.h>
#include <stdio.h>

#include "format/model/hidden.h"

#define TOLD_MAX   8               /* of one kind; the rest is counted */
#define CLOCK_MASK UINT64_C(0xFFF) /* fields between two looks at the clock */

static const struct pb_slot *slot_of(const struct pb_walk *w, const struct pb_frame *frame,
                                     uint64_t number)
{
    const struct pb_message *m = &w->schema[frame->message];

    return number < m->n && m->slots[number].type != PB_T_NONE ? &m->slots[number] : NULL;
}

static void tell(struct pb_walk *w, const struct pb_frame *frame, enum fact_kind kind,
                 uint64_t *count, struct span at, uint64_t number)
{
    if ((*count)++ < TOLD_MAX)
        scan_factf(w->s, kind, pb_offset(w, at), span_text(w->schema[frame->message].name),
                   "field %" PRIu64, number);
}

static bool wire_fits(const struct pb_slot *slot, const struct pb_field *f)
{
    switch ((enum pb_type)slot->type) {
    case PB_T_VARINT:
        return f->wire == PB_VARINT || (slot->many && f->wire == PB_BYTES);
    case PB_T_FIXED32:
        return f->wire == PB_FIXED32 || (slot->many && f->wire == PB_BYTES && f->body.n % 4 == 0);
    case PB_T_FIXED64:
        return f->wire == PB_FIXED64 || (slot->many && f->wire == PB_BYTES && f->body.n % 8 == 0);
    case PB_T_BYTES:
    case PB_T_MESSAGE:
        return f->wire == PB_BYTES;
    case PB_T_NONE:
        break;
    }
    return false;
}

static enum pratique_status push(struct pb_walk *w, unsigned message, struct span body)
{
    if (w->depth == PB_DEPTH_MAX)
        return scan_fail(w->s, PRATIQUE_E_FORMAT, pb_offset(w, body),
                         "messages nested deeper than %d", PB_DEPTH_MAX);
    w->frames[w->depth++] = (struct pb_frame){ .body = body, .rest = body, .message = message };
    return w->enter ? w->enter(w, message, body) : PRATIQUE_OK;
}

/* A packed field of varints that does not end with one is no message to any library. */
static bool is_packed(const struct pb_slot *slot, const struct pb_field *f)
{
    return slot->type != PB_T_VARINT || f->wire != PB_BYTES || f->body.n == 0 ||
           !(f->body.p[f->body.n - 1] & 0x80);
}

/* Whether a field was there before; it is from now on. */
static bool was_there(struct pb_frame *frame, uint64_t number)
{
    uint64_t bit = number < 64 ? UINT64_C(1) << number : 0;
    bool there = frame->seen & bit;

    frame->seen |= bit;
    for (size_t i = 0; number >= 64 && !there && i < PB_HIGH_MAX; i++) {
        there = frame->high[i] == number;
        if (frame->high[i] == 0) {
            frame->high[i] = (uint32_t)number;
            break;
        }
    }
    return there;
}

/* Bytes, be they read by libraries or passed over, may be a file of its own to somebody. */
static enum pratique_status look_inside(struct pb_walk *w, const struct pb_frame *frame,
                                        const struct pb_field *f)
{
    char name[96];

    if (!hidden_is_file(f->body))
        return PRATIQUE_OK;
    (void)snprintf(name, sizeof name, "%s.%" PRIu64, w->schema[frame->message].name, f->number);
    return scan_nested(w->s, f->body, span_text(name), ROLE_ANY);
}

static enum pratique_status step(struct pb_walk *w, struct pb_frame *frame, struct span at,
                                 const struct pb_field *f)
{
    const struct pb_slot *slot = slot_of(w, frame, f->number);
    if (!slot) {
        if (!w->schema[frame->message].open)
            tell(w, frame, FACT_PB_UNKNOWN, &w->unknown, at, f->number);
        return look_inside(w, frame, f);
    }
    if (!wire_fits(slot, f)) {
        tell(w, frame, FACT_PB_WIRE, &w->wrong, at, f->number);
        return look_inside(w, frame, f);
    }
    if (!is_packed(slot, f))
        return scan_fail(w->s, PRATIQUE_E_FORMAT, pb_offset(w, at),
                         "%s: field %" PRIu64 " ends within a number",
                         w->schema[frame->message].name, f->number);
    if (!slot->many && was_there(frame, f->number))
        tell(w, frame, FACT_PB_TWICE, &w->twice, at, f->number);
    if (slot->type == PB_T_MESSAGE)
        return push(w, slot->message, f->body);
    return slot->type == PB_T_BYTES ? look_inside(w, frame, f) : PRATIQUE_OK;
}

static enum pratique_status next(struct pb_walk *w)
{
    struct pb_frame *frame = &w->frames[w->depth - 1];
    struct span at = frame->rest;
    struct pb_field f;

    if (frame->rest.n == 0) {
        w->depth--;
        return PRATIQUE_OK;
    }
    if (!pb_take(&frame->rest, &f) || f.wire == PB_GROUP || f.wire == PB_END)
        return scan_fail(w->s, PRATIQUE_E_FORMAT, pb_offset(w, at), "%s: no field stands here",
                         w->schema[frame->message].name);
    if ((++w->fields & CLOCK_MASK) == 0 && !budget_time(w->s->budget))
        return scan_fail_budget(w->s, pb_offset(w, at));
    return step(w, frame, at, &f);
}

enum pratique_status pb_walk(struct pb_walk *w, unsigned first)
{
    enum pratique_status st = push(w, first, w->whole);

    while (st == PRATIQUE_OK && w->depth > 0)
        st = next(w);
    return st;
}
