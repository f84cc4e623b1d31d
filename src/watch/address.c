/* See address.h. Formats: unix(7), ip(7), ipv6(7). */
#include "watch/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

#include "fact/watch.h"

static void unix_address(struct address *out, const struct sockaddr_storage *sa, socklen_t n)
{
    const struct sockaddr_un *un = (const struct sockaddr_un *)sa;
    size_t head = offsetof(struct sockaddr_un, sun_path);
    size_t len = n > head ? n - head : 0;

    len = len < sizeof un->sun_path ? len : sizeof un->sun_path;
    out->flags = NET_UNIX;
    if (len == 0)
        (void)snprintf(out->text, sizeof out->text, "unnamed");
    else if ((out->named = un->sun_path[0] != '\0'))
        (void)snprintf(out->text, sizeof out->text, "%.*s", (int)len, un->sun_path);
    else
        (void)snprintf(out->text, sizeof out->text, "@%.*s", (int)len - 1, un->sun_path + 1);
}

static void inet_address(struct address *out, const struct sockaddr_storage *sa)
{
    const struct sockaddr_in *in = (const struct sockaddr_in *)sa;
    uint32_t ip = ntohl(in->sin_addr.s_addr);
    char text[INET_ADDRSTRLEN];

    out->port = ntohs(in->sin_port);
    if (ip >> 24 == 127)
        out->flags = NET_LOOPBACK;
    else if (ip == 0)
        out->flags = NET_UNSPECIFIED;
    (void)inet_ntop(AF_INET, &in->sin_addr, text, sizeof text);
    (void)snprintf(out->text, sizeof out->text, "%s:%u", text, out->port);
}

static void inet6_address(struct address *out, const struct sockaddr_storage *sa)
{
    const struct sockaddr_in6 *in = (const struct sockaddr_in6 *)sa;
    char text[INET6_ADDRSTRLEN];

    out->port = ntohs(in->sin6_port);
    if (IN6_IS_ADDR_LOOPBACK(&in->sin6_addr) ||
        (IN6_IS_ADDR_V4MAPPED(&in->sin6_addr) && in->sin6_addr.s6_addr[12] == 127))
        out->flags = NET_LOOPBACK;
    else if (IN6_IS_ADDR_UNSPECIFIED(&in->sin6_addr))
        out->flags = NET_UNSPECIFIED;
    (void)inet_ntop(AF_INET6, &in->sin6_addr, text, sizeof text);
    (void)snprintf(out->text, sizeof out->text, "[%s]:%u", text, out->port);
}

void address_of(struct address *out, const struct sockaddr_storage *sa, socklen_t n)
{
    *out = (struct address){ .family = n >= sizeof(sa_family_t) ? sa->ss_family : AF_UNSPEC };
    if (out->family == AF_UNIX)
        unix_address(out, sa, n);
    else if (out->family == AF_INET && n >= sizeof(struct sockaddr_in))
        inet_address(out, sa);
    else if (out->family == AF_INET6 && n >= offsetof(struct sockaddr_in6, sin6_scope_id))
        inet6_address(out, sa);
    else if (out->family == AF_UNSPEC)
        out->flags = NET_NONE;
    if (!out->text[0])
        (void)snprintf(out->text, sizeof out->text, "family %d", out->family);
}
