/*
 * Calls of sockets. In a network of its own a call may go on: whatever address the process
 * really means, it ends at the sink. What is told is what was asked for; what was sent is
 * told by the sink.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "watch/address.h"
#include "watch/calls.h"

#define MESSAGES_MAX 64 /* of one sendmmsg */

/* The address that an argument points to. */
static bool read_address(const struct call *c, uint64_t at, uint64_t n, struct address *out)
{
    struct sockaddr_storage sa = { 0 };
    size_t len = n < sizeof sa ? (size_t)n : sizeof sa;

    if (!target_read(c->tid, at, &sa, len))
        return false;
    address_of(out, &sa, (socklen_t)len);
    return true;
}

/* What kind of socket it is: SOCK_STREAM, SOCK_DGRAM; 0 when that cannot be known. */
static int type_of(const struct call *c, int fd)
{
    int copy = target_descriptor(c->tid, fd), type = 0;
    socklen_t n = sizeof type;

    if (copy == -1)
        return 0;
    if (getsockopt(copy, SOL_SOCKET, SO_TYPE, &type, &n) != 0)
        type = 0;
    (void)close(copy);
    return type;
}

static const char *protocol(const struct address *a, int type)
{
    if (a->flags & (NET_UNIX | NET_NONE))
        return a->flags & NET_UNIX ? "unix" : "none";
    if (a->family == AF_NETLINK)
        return "netlink";
    return type == SOCK_DGRAM ? "udp" : type == SOCK_STREAM ? "tcp" : "ip";
}

/* The resolver that the world's resolv.conf names. */
static bool is_resolver(const struct address *a)
{
    return strcmp(a->text, WORLD_RESOLVER ":53") == 0;
}

static bool is_outside(const struct address *a)
{
    return (a->family == AF_INET || a->family == AF_INET6) &&
           !(a->flags & (NET_LOOPBACK | NET_UNSPECIFIED));
}

/* The sink listens on the port before the call goes on. */
static void want_port(const struct call *c, const struct address *a, int type)
{
    if (!is_outside(a) || !a->port)
        return;
    if (type != SOCK_DGRAM)
        sinkhole_want(c->k, true, a->port);
    if (type != SOCK_STREAM)
        sinkhole_want(c->k, false, a->port);
}

/* A socket in the file system, whatever links lead there. */
static void find_unix(const struct call *c, struct address *a)
{
    char path[PATH_MAX];

    if (!a->named || !place_resolve(c->k, c->tid, AT_FDCWD, a->text, true, path))
        return;
    if (strlen(path) < sizeof a->text)
        memcpy(a->text, path, strlen(path) + 1);
}

void call_tell_address(const struct call *c, enum event_kind kind, struct address *a, int type,
                       uint64_t bytes)
{
    char subject[ADDRESS_TEXT_MAX + 16];

    if (is_resolver(a))
        a->flags |= NET_DNS;
    if (a->flags & NET_UNIX)
        find_unix(c, a);
    (void)snprintf(subject, sizeof subject, "%s %s", protocol(a, type), a->text);
    call_tell(c, kind, a->flags, subject, "", bytes);
}

struct outcome call_connect(const struct call *c)
{
    struct address a;
    int type = type_of(c, (int)c->a[0]);

    if (!read_address(c, c->a[1], c->a[2], &a))
        return call_hidden(c, "connect");
    call_tell_address(c, EVENT_CONNECT, &a, type, 0);
    want_port(c, &a, type);
    return OUTCOME_GO_ON;
}

struct outcome call_bind(const struct call *c)
{
    struct address a;

    if (!read_address(c, c->a[1], c->a[2], &a))
        return call_hidden(c, "bind");
    call_tell_address(c, EVENT_BIND, &a, type_of(c, (int)c->a[0]), 0);
    return OUTCOME_GO_ON;
}

struct outcome call_listen(const struct call *c)
{
    int copy = target_descriptor(c->tid, (int)c->a[0]);
    struct sockaddr_storage sa = { 0 };
    socklen_t n = sizeof sa;
    struct address a;

    if (copy == -1 || getsockname(copy, (struct sockaddr *)&sa, &n) != 0)
        n = 0;
    if (copy != -1)
        (void)close(copy);
    address_of(&a, &sa, n);
    call_tell_address(c, EVENT_LISTEN, &a, SOCK_STREAM, 0);
    return OUTCOME_GO_ON;
}

static void send_to(const struct call *c, uint64_t at, uint64_t n, uint64_t bytes)
{
    struct address a;
    int type = type_of(c, (int)c->a[0]);

    if (!at || !n || !read_address(c, at, n, &a))
        return;
    if (a.family == AF_NETLINK) /* the kernel, asked for interfaces: getifaddrs(3) */
        return;
    call_tell_address(c, EVENT_SEND, &a, type, bytes);
    want_port(c, &a, type);
}

struct outcome call_sendto(const struct call *c)
{
    send_to(c, c->a[4], c->a[5], c->a[2]);
    return OUTCOME_GO_ON;
}

/* Bytes of a message's parts, as far as it says. */
static uint64_t message_bytes(pid_t tid, const struct msghdr *m)
{
    struct iovec v;
    uint64_t bytes = 0;

    for (size_t i = 0; i < m->msg_iovlen && i < MESSAGES_MAX; i++) {
        if (!target_read(tid, (uint64_t)(uintptr_t)m->msg_iov + i * sizeof v, &v, sizeof v))
            break;
        bytes += v.iov_len;
    }
    return bytes;
}

static bool send_message(const struct call *c, uint64_t at)
{
    struct msghdr m;

    if (!target_read(c->tid, at, &m, sizeof m))
        return false;
    send_to(c, (uint64_t)(uintptr_t)m.msg_name, m.msg_namelen, message_bytes(c->tid, &m));
    return true;
}

struct outcome call_sendmsg(const struct call *c)
{
    return send_message(c, c->a[1]) ? OUTCOME_GO_ON : call_hidden(c, "sendmsg");
}

struct outcome call_sendmmsg(const struct call *c)
{
    for (uint64_t i = 0; i < c->a[2] && i < MESSAGES_MAX; i++)
        if (!send_message(c, c->a[1] + i * sizeof(struct mmsghdr)))
            return call_hidden(c, "sendmmsg");
    return OUTCOME_GO_ON;
}

/* SCTP, DCCP, ping: told of, as this kernel may lack what another has. */
static struct outcome ip_socket(const struct call *c, const char *family, int type)
{
    uint64_t protocol = c->a[2];
    char subject[128];
    bool usual = protocol == 0 || protocol == IPPROTO_TCP || protocol == IPPROTO_UDP ||
                 protocol == IPPROTO_MPTCP;

    if (usual && (type == SOCK_STREAM || type == SOCK_DGRAM))
        return OUTCOME_GO_ON;
    (void)snprintf(subject, sizeof subject, "%s, type %d, protocol %u", family, type,
                   (unsigned)protocol);
    call_tell(c, EVENT_SOCKET, 0, subject, "", protocol);
    return OUTCOME_GO_ON;
}

/*
 * Families that reach beyond a network namespace, or that have no business here: vsock talks
 * to the host of a virtual machine whatever the namespace.
 */
struct outcome call_socket(const struct call *c)
{
    static const struct {
        int family;
        const char *name;
    } names[] = { { AF_PACKET, "packet" }, { AF_NETLINK, "netlink" },     { AF_VSOCK, "vsock" },
                  { AF_ALG, "alg" },       { AF_BLUETOOTH, "bluetooth" }, { AF_INET, "inet" },
                  { AF_INET6, "inet6" },   { AF_UNIX, "unix" },           { AF_CAN, "can" },
                  { AF_TIPC, "tipc" } };
    int family = (int)c->a[0], type = (int)c->a[1] & 0xf;
    char subject[64];
    bool ip = family == AF_INET || family == AF_INET6, own = ip || family == AF_UNIX;

    (void)snprintf(subject, sizeof subject, "family %d, type %d", family, type);
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (names[i].family == family)
            (void)snprintf(subject, sizeof subject, "%s%s", names[i].name,
                           type == SOCK_RAW ? " raw" : "");
    if (own && type != SOCK_RAW && type != SOCK_PACKET)
        return ip ? ip_socket(c, subject, type) : OUTCOME_GO_ON;
    if (family == AF_NETLINK) {
        call_tell(c, EVENT_SOCKET, 0, subject, "", c->a[2]);
        return OUTCOME_GO_ON;
    }
    call_tell(c, EVENT_SOCKET, EVENT_DENIED, subject, "", c->a[2]);
    return OUTCOME_FAILS(own ? EPERM : EAFNOSUPPORT);
}
