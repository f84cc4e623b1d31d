/* See within.h. */
#include "format/hdf5/within.h"

#include "format/carve/trial.h"
#include "format/known/known.h"
#include "format/known/sniff.h"
#include "format/model/hidden.h"

bool hdf5_is_file(struct span in)
{
    const char *name;

    return in.n > 3 &&
           (trial_pickle(in).worth || trial_zip(in) || known_program(in) ||
            trial_codec(in, &name) >= 0 || hidden_has_magic(in) ||
            span_starts(span_from(in, 257), SPAN_LITERAL("ustar")) || sniff_python(in).name);
}
