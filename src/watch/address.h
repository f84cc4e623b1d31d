/* Socket addresses as texts. */
#ifndef PRATIQUE_WATCH_ADDRESS_H
#define PRATIQUE_WATCH_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/compiler.h"

#define ADDRESS_TEXT_MAX 256

struct address {
    char text[ADDRESS_TEXT_MAX]; /* "192.0.2.1:443", "[2001:db8::1]:443", "/run/x", "@abstract" */
    uint32_t flags;              /* NET_* */
    uint16_t port;               /* 0: none */
    int family;
    bool named; /* unix: text is a path */
};

/* Of n bytes at sa (hostile). */
void address_of(struct address *out, const struct sockaddr_storage *sa, socklen_t n) NONNULL;

#endif
