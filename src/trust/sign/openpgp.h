/*
 * OpenPGP's armor and the packet of a detached signature (RFC 4880, 5.2 and 6.2). gpgv does the
 * verifying; what it passes over in the bytes is found here: a signature file holds one packet, of
 * which nothing that is not signed says anything else.
 */
#ifndef PRATIQUE_TRUST_OPENPGP_H
#define PRATIQUE_TRUST_OPENPGP_H

#include "base/buf.h"
#include "input/span.h"

/*
 * Appends what is in every block that begins with the line begin and ends with end. false: there is
 * none, one is broken, or no memory. alone: there is one, and nothing but white space around it.
 */
bool openpgp_dearmor(struct span bytes, struct span begin, struct span end, bool alone,
                     struct buf *out) NONNULL MUST_CHECK;

/* A signature's packet, version 4. */
struct openpgp_packet {
    struct span head;        /* what is signed of it: from its version to the hashed subpackets */
    struct span issuer;      /* an id of 8 bytes outside of that; empty: there is none */
    struct span fingerprint; /* the same of 20 bytes */
    uint8_t hash;            /* its algorithm */
    uint8_t left[2];         /* how the hash begins */
};

/* NULL, or why the bytes (without armor) are not one signature's packet and nothing else. */
const char *openpgp_packet_read(struct openpgp_packet *out, struct span bytes) NONNULL MUST_CHECK;

/* Whether the hash of the message begins as it says. */
bool openpgp_packet_begins(const struct openpgp_packet *p, struct span message) NONNULL MUST_CHECK;

/* Whether the issuer's ids, where it names them, are those of this fingerprint in hex. */
bool openpgp_packet_is_by(const struct openpgp_packet *p, struct span fingerprint) NONNULL;

#endif
