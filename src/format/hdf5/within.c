/* See within.h. */
#include "format/hdf5/within.h"

#include "format/carve/trial.h"
#include "format/known/known.h"
#include "format/known/sniff.h"

static bool has_magic(struct span in)
{
    return span_starts(in, SPAN_LITERAL("\x93NUMPY")) ||
           span_starts(in, SPAN_LITERAL("\x89HDF\r\n\x1a\n")) ||
           span_starts(in, SPAN_LITERAL("7z\xbc\xaf\x27\x1c")) ||
           span_starts(in, SPAN_LITERAL("Rar!\x1a\x07")) ||
           span_starts(span_from(in, 257), SPAN_LITERAL("ustar"));
}

bool hdf5_is_file(struct span in)
{
    const char *name;

    return in.n > 3 && (trial_pickle(in).worth || trial_zip(in) || known_program(in) ||
                        trial_codec(in, &name) >= 0 || has_magic(in) || sniff_python(in).name);
}
