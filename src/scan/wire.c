/* See wire.h: the frames, the jobs and the hello. Answers are in answer.c. */
#include "scan/wire.h"

#include <string.h>

static void put_u32(uint8_t *to, uint32_t v)
{
    for (unsigned i = 0; i < 4; i++)
        to[i] = (uint8_t)(v >> (8 * i));
}

void wire_put_job(uint8_t out[WIRE_JOB_HEAD], const struct wire_job *job)
{
    put_u32(out, WIRE_MAGIC);
    put_u32(out + 4, job->id);
    put_u32(out + 8, (uint32_t)job->size);
    put_u32(out + 12, (uint32_t)(job->size >> 32));
    put_u32(out + 16, job->flags);
    put_u32(out + 20, job->name_n);
}

bool wire_take_job(struct span in, struct wire_job *job)
{
    uint32_t magic;

    return take_u32le(&in, &magic) && magic == WIRE_MAGIC && take_u32le(&in, &job->id) &&
           take_u64le(&in, &job->size) && take_u32le(&in, &job->flags) &&
           take_u32le(&in, &job->name_n) && job->name_n <= WIRE_NAME_MAX;
}

void wire_frame(struct buf *out, uint32_t id)
{
    uint8_t head[WIRE_FRAME_HEAD];

    put_u32(head, WIRE_MAGIC);
    put_u32(head + 4, id);
    put_u32(head + 8, 0);
    (void)buf_add(out, head, sizeof head);
}

void wire_seal(struct buf *out)
{
    if (out->n >= WIRE_FRAME_HEAD)
        put_u32((uint8_t *)out->p + 8, (uint32_t)(out->n - WIRE_FRAME_HEAD));
}

bool wire_take_frame(struct span in, uint32_t *id, uint32_t *n)
{
    uint32_t magic;

    return take_u32le(&in, &magic) && magic == WIRE_MAGIC && take_u32le(&in, id) &&
           take_u32le(&in, n) && *n <= WIRE_ANSWER_MAX;
}

void wire_put_hello(struct buf *out, const struct sandbox_layer *layers)
{
    for (size_t i = 0; i < SANDBOX_LAYERS; i++) {
        (void)buf_putc(out, layers[i].active ? 1 : 0);
        (void)buf_add(out, layers[i].detail, sizeof layers[i].detail);
    }
}

bool wire_take_hello(struct span in, struct sandbox_layer *layers)
{
    for (size_t i = 0; i < SANDBOX_LAYERS; i++) {
        uint8_t active;
        struct span detail;

        if (!take_u8(&in, &active) || active > 1 || !take(&in, SANDBOX_DETAIL_MAX, &detail))
            return false;
        layers[i].active = active;
        memcpy(layers[i].detail, detail.p, SANDBOX_DETAIL_MAX);
        layers[i].detail[SANDBOX_DETAIL_MAX - 1] = '\0';
    }
    return in.n == 0;
}
