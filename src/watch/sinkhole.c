/* The keeper's side of the sink: asks it to listen, and passes on what it tells. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "watch/keeper.h"

#define READY_MS  500  /* longer than any sink takes; a watch does not stand still for it */
#define SETTLE_MS 5000 /* to tell of all that was sent: without that there is no answer */

/* The sink is gone; unless it was told to go, what was sent meanwhile is not known. */
static void lost(struct keeper *k, const char *how)
{
    (void)close(k->control);
    k->control = -1;
    if (how)
        tell_plain(&k->teller, EVENT_SETUP, 0, "the network's other end", how, 0);
}

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

    if (n == 0 || (n < 0 && errno == ECONNRESET))
        lost(k, k->sink_told ? NULL : "it died");
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

/* False when there was no answer in time; else its number. */
static bool order(struct keeper *k, const unsigned char *message, size_t n, int wait_ms,
                  uint64_t *number)
{
    struct word ready = { 0 };

    if (k->control != -1 && send(k->control, message, n, MSG_NOSIGNAL) < 0)
        lost(k, "it died");
    while (!ready.came && k->control != -1) {
        struct pollfd f = { .fd = k->control, .events = POLLIN };

        if (poll(&f, 1, wait_ms) <= 0)
            return false;
        (void)take_message(k, &ready);
    }
    *number = ready.number;
    return true;
}

static bool ask(struct keeper *k, char what, uint16_t number, int wait_ms)
{
    unsigned char message[3] = { (unsigned char)what, (unsigned char)(number & 0xff),
                                 (unsigned char)(number >> 8) };
    uint64_t answer;

    return order(k, message, sizeof message, wait_ms, &answer);
}

uint16_t sinkhole_meant(struct keeper *k, bool tcp, uint16_t peer, const struct sockaddr_in6 *to)
{
    uint16_t port = ntohs(to->sin6_port);
    uint64_t number = 0;
    unsigned char message[22] = { 'm',
                                  (unsigned char)(peer & 0xff),
                                  (unsigned char)(peer >> 8),
                                  tcp ? 't' : 'u',
                                  (unsigned char)(port & 0xff),
                                  (unsigned char)(port >> 8) };

    memcpy(message + 6, &to->sin6_addr, sizeof to->sin6_addr);
    return order(k, message, sizeof message, READY_MS, &number) ? (uint16_t)number : 0;
}

void sinkhole_end(struct keeper *k)
{
    struct word ready = { 0 };

    if (k->control == -1)
        return;
    k->sink_told = true;
    (void)shutdown(k->control, SHUT_WR);
    while (k->control != -1) {
        struct pollfd f = { .fd = k->control, .events = POLLIN };

        if (poll(&f, 1, SETTLE_MS) <= 0)
            lost(k, "it does not end");
        else
            (void)take_message(k, &ready);
    }
}

void sinkhole_want(struct keeper *k, bool tcp, uint16_t port)
{
    uint8_t *set = tcp ? k->tcp : k->udp;
    uint8_t bit = (uint8_t)(1u << (port % 8));

    if (set[port / 8] & bit || k->plan->world.weak)
        return;
    set[port / 8] |= bit;
    (void)ask(k, tcp ? 't' : 'u', port, READY_MS);
}

void sinkhole_pass(struct keeper *k)
{
    if (!ask(k, 'p', (uint16_t)k->teller.pass, SETTLE_MS))
        lost(k, "it does not answer");
}
