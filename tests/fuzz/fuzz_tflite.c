/* TensorFlow Lite; and FlexBuffers, whose texts must lie within them. */
#include <stdlib.h>

#include "format/tensorflow/flex.h"
#include "format/tensorflow/tensorflow.h"
#include "harness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct span text;

    for (uint64_t i = 0; i < 4; i++)
        if (flex_text(span_of(data, n), i, &text) &&
            (text.n > n || (text.n && (text.p < data || text.p + text.n > data + n))))
            abort();
    harness_run(&format_tflite, data, n);
    return 0;
}
