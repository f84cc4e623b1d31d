/*
 * A network in which every address is this machine: rtnetlink(7), AnyIP (a route of type local
 * to everything). connect(2) to any address and port meets whoever listens on the wildcard
 * address; nothing leaves, there is no other interface.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sandbox/world_inner.h"

#define LO 1 /* the first interface of every network namespace */

/* What a process sees as its own address when it talks to a stranger. */
#define ADDRESS_V4 "192.168.178.31"
#define ADDRESS_V6 "fd3c:5e1a:90b2:0:6e0b:84ff:fe2d:7a13"

struct request {
    struct nlmsghdr head;
    union {
        struct ifinfomsg link;
        struct ifaddrmsg addr;
        struct rtmsg route;
    } of;
    uint8_t attributes[64];
};

static void start(struct request *r, uint16_t type, uint16_t flags, size_t body)
{
    memset(r, 0, sizeof *r);
    r->head.nlmsg_len = (uint32_t)NLMSG_LENGTH(body);
    r->head.nlmsg_type = type;
    r->head.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | NLM_F_ACK | flags);
}

static void attribute(struct request *r, uint16_t type, const void *value, size_t n)
{
    struct rtattr *a = (struct rtattr *)((char *)r + NLMSG_ALIGN(r->head.nlmsg_len));

    a->rta_type = type;
    a->rta_len = (uint16_t)RTA_LENGTH(n);
    memcpy(RTA_DATA(a), value, n);
    r->head.nlmsg_len = (uint32_t)(NLMSG_ALIGN(r->head.nlmsg_len) + RTA_ALIGN(a->rta_len));
}

/* Sends the request; the kernel's answer is in errno. */
static bool ask(int fd, const struct request *r)
{
    struct {
        struct nlmsghdr head;
        struct nlmsgerr body;
        uint8_t rest[sizeof(struct request)];
    } answer;
    ssize_t n;

    if (send(fd, r, r->head.nlmsg_len, 0) != (ssize_t)r->head.nlmsg_len)
        return false;
    n = recv(fd, &answer, sizeof answer, 0);
    if (n < (ssize_t)NLMSG_LENGTH(sizeof answer.body) || answer.head.nlmsg_type != NLMSG_ERROR) {
        errno = EPROTO;
        return false;
    }
    errno = -answer.body.error;
    return answer.body.error == 0;
}

static bool link_up(int fd)
{
    struct request r;

    start(&r, RTM_NEWLINK, 0, sizeof r.of.link);
    r.of.link = (struct ifinfomsg){ .ifi_index = LO, .ifi_flags = IFF_UP, .ifi_change = IFF_UP };
    return ask(fd, &r);
}

static size_t address_of(uint8_t family, uint8_t out[16])
{
    (void)inet_pton(family, family == AF_INET ? ADDRESS_V4 : ADDRESS_V6, out);
    return family == AF_INET ? 4 : 16;
}

static bool add_address(int fd, uint8_t family)
{
    struct request r;
    uint8_t address[16];
    size_t n = address_of(family, address);

    start(&r, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, sizeof r.of.addr);
    r.of.addr = (struct ifaddrmsg){ .ifa_family = family,
                                    .ifa_prefixlen = (uint8_t)(8 * n),
                                    .ifa_flags = IFA_F_NODAD,
                                    .ifa_scope = RT_SCOPE_UNIVERSE,
                                    .ifa_index = LO };
    attribute(&r, IFA_LOCAL, address, n);
    attribute(&r, IFA_ADDRESS, address, n);
    return ask(fd, &r);
}

static bool add_route(int fd, uint8_t family)
{
    struct request r;
    uint8_t address[16];
    size_t n = address_of(family, address);
    int lo = LO;

    start(&r, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, sizeof r.of.route);
    r.of.route = (struct rtmsg){ .rtm_family = family,
                                 .rtm_table = RT_TABLE_LOCAL,
                                 .rtm_protocol = RTPROT_BOOT,
                                 .rtm_scope = RT_SCOPE_HOST,
                                 .rtm_type = RTN_LOCAL };
    attribute(&r, RTA_OIF, &lo, sizeof lo);
    attribute(&r, RTA_PREFSRC, address, n);
    return ask(fd, &r);
}

/* A kernel without IPv6 has nothing to be reached by it. */
static bool answer_family(int fd, uint8_t family)
{
    return (add_address(fd, family) && add_route(fd, family)) ||
           (family == AF_INET6 &&
            (errno == EOPNOTSUPP || errno == EAFNOSUPPORT || errno == EACCES));
}

/* As systemd has it everywhere: whoever pings is to be seen doing it. */
static void allow_ping(void)
{
    char range[32];

    (void)snprintf(range, sizeof range, "%d %d", INNER_USER, INNER_USER);
    if (!write_text("/proc/sys/net/ipv4/ping_group_range", range))
        errno = 0; /* the attempt is told all the same */
}

bool net_answer_all(void)
{
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    bool ok;

    if (fd == -1)
        return false;
    ok = link_up(fd) && answer_family(fd, AF_INET) && answer_family(fd, AF_INET6);
    (void)close(fd);
    if (ok && !write_text("/proc/sys/net/ipv4/ip_unprivileged_port_start", "0"))
        errno = 0; /* read-only in some containers: then the low ports stay closed */
    allow_ping();
    return ok;
}
