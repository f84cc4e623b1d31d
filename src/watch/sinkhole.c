/* The keeper's side of the sink: asks it to listen, and passes on what it tells. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "watch/keeper.h"

#define READY_MS 500 /* longer than any sink takes; a watch does not stand still for it */

/* The word that is waited for, and the number in it. */
struct word {
    bool came;
    uint64_t number;
};

/* One message of the sink; -1 when there is none. */
static int take_message(struct keeper *k, struct word *ready)
{
    uint8_t bytes[EVENT_WIRE_MAX];
    ssize_t n = recv(k->control, bytes, sizeof bytes, MSG_DONTWAIT);
    struct span in;
    struct watch_event e;

    if (n <= 0)
        return -1;
    in = span_of(bytes, (size_t)n);
    if (event_take(&in, &e) != 1)
        return 0;
    if (e.kind == EVENT_SINK_READY) {
        *ready = (struct word){ true, e.number };
        return 0;
    }
    k->convicted |= e.kind == EVENT_HONEY_SENT;
    tell(&k->teller, &e);
    return 0;
}

void sinkhole_read(struct keeper *k)
{
    struct word ready = { 0 };

    while (k->control != -1 && take_message(k, &ready) == 0)
        ;
}

static bool send_order(struct keeper *k, const unsigned char *message, size_t n)
{
    return k->control != -1 && send(k->control, message, n, MSG_NOSIGNAL) >= 0;
}

/* What the sink answers to an order; 0 when it does not. */
static uint64_t wait_ready(struct keeper *k)
{
    struct word ready = { 0 };

    while (!ready.came) {
        struct pollfd f = { .fd = k->control, .events = POLLIN };

        if (poll(&f, 1, READY_MS) <= 0 || (f.revents & POLLHUP && !(f.revents & POLLIN)))
            return 0;
        if (take_message(k, &ready) != 0)
            return 0;
    }
    return ready.number;
}

static void ask(struct keeper *k, char what, uint16_t number)
{
    unsigned char message[3] = { (unsigned char)what, (unsigned char)(number & 0xff),
                                 (unsigned char)(number >> 8) };

    if (send_order(k, message, sizeof message) && what != 'p')
        (void)wait_ready(k);
}

uint16_t sinkhole_meant(struct keeper *k, bool tcp, uint16_t peer, const struct sockaddr_in6 *to)
{
    uint16_t port = ntohs(to->sin6_port);
    unsigned char message[22] = { 'm',
                                  (unsigned char)(peer & 0xff),
                                  (unsigned char)(peer >> 8),
                                  tcp ? 't' : 'u',
                                  (unsigned char)(port & 0xff),
                                  (unsigned char)(port >> 8) };

    memcpy(message + 6, &to->sin6_addr, sizeof to->sin6_addr);
    return send_order(k, message, sizeof message) ? (uint16_t)wait_ready(k) : 0;
}

void sinkhole_want(struct keeper *k, bool tcp, uint16_t port)
{
    uint8_t *set = tcp ? k->tcp : k->udp;
    uint8_t bit = (uint8_t)(1u << (port % 8));

    if (set[port / 8] & bit || k->plan->world.weak)
        return;
    set[port / 8] |= bit;
    ask(k, tcp ? 't' : 'u', port);
}

void sinkhole_pass(struct keeper *k)
{
    ask(k, 'p', (uint16_t)k->teller.pass);
}
