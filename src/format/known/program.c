/*
 * Programs for the machine: ELF, PE, Mach-O, and the forms that are several.
 *
 * Spec: System V gABI 4.1 chapter 4; PE Format (Microsoft); mach-o/loader.h,
 * mach-o/fat.h; Actually Portable Executable (justine.lol/ape).
 */
#include "format/known/known.h"

static bool is_elf(struct span in)
{
    struct span id;

    return take(&in, 7, &id) &&
           span_starts(id, SPAN_LITERAL("\x7f"
                                        "ELF")) &&
           (id.p[4] == 1 || id.p[4] == 2) && (id.p[5] == 1 || id.p[5] == 2) && id.p[6] == 1;
}

static bool is_pe(struct span in)
{
    struct span at = span_from(in, 0x3C), sig;
    uint32_t off;

    return span_starts(in, SPAN_LITERAL("MZ")) && take_u32le(&at, &off) &&
           span_sub(in, off, 4, &sig) && span_equal(sig, SPAN_LITERAL("PE\0\0"));
}

/* An MZ header by its page counts: no more bytes than there are. */
static bool is_dos(struct span in)
{
    struct span rest = in;
    uint16_t magic, last, pages, relocations, paragraphs;

    if (!take_u16le(&rest, &magic) || magic != 0x5A4D || !take_u16le(&rest, &last) ||
        !take_u16le(&rest, &pages) || !take_u16le(&rest, &relocations) ||
        !take_u16le(&rest, &paragraphs))
        return false;
    return last < 512 && pages > 0 && paragraphs >= 2 && (size_t)paragraphs * 16 < in.n &&
           (size_t)(pages - 1) * 512 < in.n;
}

static bool is_mach(struct span in)
{
    static const struct span magics[] = { SPAN_LITERAL("\xce\xfa\xed\xfe"),
                                          SPAN_LITERAL("\xcf\xfa\xed\xfe"),
                                          SPAN_LITERAL("\xfe\xed\xfa\xce"),
                                          SPAN_LITERAL("\xfe\xed\xfa\xcf") };

    for (size_t i = 0; i < 4; i++)
        if (in.n >= 28 && span_starts(in, magics[i]))
            return true;
    return false;
}

/* A fat header lists slices inside the file; the same magic starts a Java class. */
static bool is_mach_fat(struct span in)
{
    struct span rest = in, slice;
    uint32_t magic, n, cpu, sub, off, size;

    if (!take_u32be(&rest, &magic) || !take_u32be(&rest, &n) || n == 0 || n > 42)
        return false;
    if (magic == 0xCAFEBABF)
        return true;
    return magic == 0xCAFEBABE && take_u32be(&rest, &cpu) && take_u32be(&rest, &sub) &&
           take_u32be(&rest, &off) && take_u32be(&rest, &size) && span_sub(in, off, size, &slice);
}

const char *known_program(struct span in)
{
    if (is_elf(in))
        return "ELF";
    if (span_starts(in, SPAN_LITERAL("MZqFpD")) || span_starts(in, SPAN_LITERAL("jartsr")))
        return "Actually Portable Executable";
    if (is_pe(in))
        return "PE";
    if (is_mach(in))
        return "Mach-O";
    if (is_mach_fat(in))
        return "Mach-O (universal)";
    return is_dos(in) ? "DOS" : NULL;
}
