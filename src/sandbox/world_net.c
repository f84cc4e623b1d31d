/*
 * A network in which every address is this machine: rtnetlink(7), AnyIP (a route of type local
 * to everything). connect(2) to any address and port meets whoever listens on the wildcard
 * address; nothing leaves, no interface leads out.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sandbox/world_inner.h"

#define LO 1 /* the first interface of every network namespace */

/*
 * What a machine on a network has besides: a card, a way out, a neighbour. The card's other end
 * looks like that of a container. Nothing goes by it: all addresses are this machine's.
 */
#define CARD       "enp0s31f6"
#define CARD_PEER  "veth5e1a90b"
#define CARD_MAC   "\x6c\x0b\x84" /* and three bytes that differ each time */
#define ROUTER_MAC "\x3c\xa6\x2f\x11\x8e\x40"
#define ROUTER_V4  "192.168.178.1"
#define MAC_BYTES  6

/* What a process sees as its own address when it talks to a stranger. */
#define ADDRESS_V4 "192.168.178.20"
#define ADDRESS_V6 "fd3c:5e1a:90b2:0:6e0b:84ff:fe00:0"

#define BITS_V4 24 /* of its network; a route to that goes before one to everything */
#define BITS_V6 64

/* What differs from world to world: no program knows one by its addresses. */
struct own {
    uint8_t number; /* of the machine in its network */
    uint8_t mac[MAC_BYTES];
};

struct request {
    struct nlmsghdr head;
    union {
        struct ifinfomsg link;
        struct ifaddrmsg addr;
        struct rtmsg route;
        struct ndmsg neighbour;
    } of;
    uint8_t attributes[192];
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

/* Begins an attribute that holds others; where it begins. */
static struct rtattr *nest(struct request *r, uint16_t type)
{
    struct rtattr *a = (struct rtattr *)((char *)r + NLMSG_ALIGN(r->head.nlmsg_len));

    attribute(r, type, "", 0);
    return a;
}

static void nest_end(const struct request *r, struct rtattr *a)
{
    a->rta_len = (uint16_t)((const char *)r + r->head.nlmsg_len - (char *)a);
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

static bool link_up(int fd, unsigned index)
{
    struct request r;

    start(&r, RTM_NEWLINK, 0, sizeof r.of.link);
    r.of.link =
        (struct ifinfomsg){ .ifi_index = (int)index, .ifi_flags = IFF_UP, .ifi_change = IFF_UP };
    return ask(fd, &r);
}

/* Makes the card; its number, or 0. */
static unsigned make_card(int fd, const struct own *own)
{
    const struct ifinfomsg none = { 0 };
    struct rtattr *info, *data, *peer;
    struct request r;

    start(&r, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof r.of.link);
    attribute(&r, IFLA_IFNAME, CARD, sizeof CARD);
    attribute(&r, IFLA_ADDRESS, own->mac, MAC_BYTES);
    info = nest(&r, IFLA_LINKINFO);
    attribute(&r, IFLA_INFO_KIND, "veth", 4);
    data = nest(&r, IFLA_INFO_DATA);
    peer = nest(&r, VETH_INFO_PEER);
    memcpy((char *)&r + r.head.nlmsg_len, &none, sizeof none);
    r.head.nlmsg_len += (uint32_t)sizeof none;
    attribute(&r, IFLA_IFNAME, CARD_PEER, sizeof CARD_PEER);
    nest_end(&r, peer);
    nest_end(&r, data);
    nest_end(&r, info);
    if (!ask(fd, &r) || !link_up(fd, if_nametoindex(CARD_PEER)) ||
        !link_up(fd, if_nametoindex(CARD)))
        return 0;
    return if_nametoindex(CARD);
}

/* Before there are routes that make the router's address this machine's. */
static void show_way_out(int fd, unsigned card)
{
    uint8_t router[4];
    struct request r;

    (void)inet_pton(AF_INET, ROUTER_V4, router);
    start(&r, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, sizeof r.of.route);
    r.of.route = (struct rtmsg){ .rtm_family = AF_INET,
                                 .rtm_table = RT_TABLE_MAIN,
                                 .rtm_protocol = RTPROT_DHCP,
                                 .rtm_scope = RT_SCOPE_UNIVERSE,
                                 .rtm_type = RTN_UNICAST };
    attribute(&r, RTA_GATEWAY, router, sizeof router);
    attribute(&r, RTA_OIF, &card, sizeof card);
    (void)ask(fd, &r);
    start(&r, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, sizeof r.of.neighbour);
    r.of.neighbour = (struct ndmsg){ .ndm_family = AF_INET,
                                     .ndm_ifindex = (int)card,
                                     .ndm_state = NUD_REACHABLE };
    attribute(&r, NDA_DST, router, sizeof router);
    attribute(&r, NDA_LLADDR, ROUTER_MAC, MAC_BYTES);
    (void)ask(fd, &r);
}

static size_t address_of(uint8_t family, const struct own *own, uint8_t out[16])
{
    (void)inet_pton(family, family == AF_INET ? ADDRESS_V4 : ADDRESS_V6, out);
    if (family == AF_INET)
        out[3] = (uint8_t)(out[3] + own->number);
    else
        memcpy(out + 13, own->mac + 3, 3); /* as RFC 4291 makes it out of the card's */
    return family == AF_INET ? 4 : 16;
}

static bool add_address(int fd, uint8_t family, unsigned card, const struct own *own)
{
    struct request r;
    uint8_t address[16];
    size_t n = address_of(family, own, address);

    start(&r, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, sizeof r.of.addr);
    r.of.addr = (struct ifaddrmsg){ .ifa_family = family,
                                    .ifa_prefixlen = family == AF_INET ? BITS_V4 : BITS_V6,
                                    .ifa_flags = IFA_F_NODAD,
                                    .ifa_scope = RT_SCOPE_UNIVERSE,
                                    .ifa_index = card };
    attribute(&r, IFA_LOCAL, address, n);
    attribute(&r, IFA_ADDRESS, address, n);
    return ask(fd, &r);
}

/* bits 0: everything; else the network of that many bits that the machine itself is in. */
static bool add_route(int fd, uint8_t family, uint8_t bits, const struct own *own)
{
    struct request r;
    uint8_t address[16], network[16] = { 0 };
    size_t n = address_of(family, own, address);
    int lo = LO;

    memcpy(network, address, bits / 8);
    start(&r, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, sizeof r.of.route);
    r.of.route = (struct rtmsg){ .rtm_family = family,
                                 .rtm_dst_len = bits,
                                 .rtm_table = RT_TABLE_LOCAL,
                                 .rtm_protocol = RTPROT_BOOT,
                                 .rtm_scope = RT_SCOPE_HOST,
                                 .rtm_type = RTN_LOCAL };
    if (bits)
        attribute(&r, RTA_DST, network, n);
    attribute(&r, RTA_OIF, &lo, sizeof lo);
    attribute(&r, RTA_PREFSRC, address, n);
    return ask(fd, &r);
}

/* A kernel without IPv6 has nothing to be reached by it. */
static bool answer_family(int fd, uint8_t family, unsigned card, const struct own *own)
{
    bool there = add_address(fd, family, card, own);

    if (there && family == AF_INET && card != LO)
        show_way_out(fd, card);
    return (there && add_route(fd, family, 0, own) &&
            add_route(fd, family, family == AF_INET ? BITS_V4 : BITS_V6, own)) ||
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

static void choose(struct own *own)
{
    uint8_t random[4] = { 11, 0x2d, 0x7a, 0x13 };

    (void)!getrandom(random, sizeof random, GRND_NONBLOCK);
    own->number = random[0] % 200;
    memcpy(own->mac, CARD_MAC, 3);
    memcpy(own->mac + 3, random + 1, 3);
}

bool net_answer_all(void)
{
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    struct own own;
    unsigned card;
    bool ok;

    if (fd == -1)
        return false;
    choose(&own);
    ok = link_up(fd, LO);
    card = make_card(fd, &own);
    card = card ? card : LO; /* a kernel without this kind: the loopback has the address then */
    ok = ok && answer_family(fd, AF_INET, card, &own) && answer_family(fd, AF_INET6, card, &own);
    (void)close(fd);
    if (ok && !write_text("/proc/sys/net/ipv4/ip_unprivileged_port_start", "0"))
        errno = 0; /* read-only in some containers: then the low ports stay closed */
    allow_ping();
    return ok;
}
