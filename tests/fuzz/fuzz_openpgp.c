/*
 * OpenPGP's armor and the packet of a signature. What is read of a packet lies inside of it and is
 * all there is of it; what an armor holds is no longer than it.
 */
#include <stdlib.h>

#include "harness.h"
#include "trust/sign/openpgp.h"

static void must(bool ok)
{
    if (!ok)
        abort();
}

static bool inside(struct span part, struct span whole)
{
    return part.n == 0 || (part.p >= whole.p && part.p + part.n <= whole.p + whole.n);
}

static void check_packet(struct span in)
{
    struct openpgp_packet p;

    if (openpgp_packet_read(&p, in))
        return;
    must(p.head.n >= 6 && p.head.p[0] == 4 && p.head.n < in.n);
    must(inside(p.head, in) && inside(p.issuer, in) && inside(p.fingerprint, in));
    must((p.issuer.n == 0 || p.issuer.n == 8) && (p.fingerprint.n == 0 || p.fingerprint.n == 20));
    must(!openpgp_packet_begins(&p, in) || (p.hash >= 8 && p.hash <= 14));
    must(openpgp_packet_is_by(&p, SPAN_LITERAL("00")) == (p.issuer.n + p.fingerprint.n == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const struct span begin = SPAN_LITERAL("-----BEGIN PGP SIGNATURE-----");
    const struct span end = SPAN_LITERAL("-----END PGP SIGNATURE-----");
    struct span in = span_of(data, n);

    if (n > 65536)
        return 0;
    check_packet(in);
    for (int alone = 0; alone < 2; alone++) {
        struct buf out;

        buf_init(&out, 65536);
        if (openpgp_dearmor(in, begin, end, alone, &out)) {
            must(out.n > 0 && out.n < n);
            check_packet(span_of(out.p, out.n));
        }
        buf_free(&out);
    }
    return 0;
}
