/*
 * Core ML models (.mlmodel, and model.mlmodel in a .mlpackage): pipelines, networks and programs
 * read as far as something in them names a class of the app, another model or a file of weights.
 *
 * Spec: coremltools/mlmodel/format/Model.proto, NeuralNetwork.proto, MIL.proto, LinkedModel.proto
 * (specification versions 1 to 10). Left out: the parameters of layers, trees and words.
 */
#include "format/coreml/coreml.h"

#include <inttypes.h>

#include "base/compiler.h"
#include "format/model/graph.h"
#include "format/model/model.h"
#include "format/protobuf/walk.h"

#define VERSION_MAX 12 /* of the specification, that is known */

enum message {
    MODEL,
    DESCRIPTION,
    METADATA,
    ENTRY,
    PIPELINE,
    PIPELINE_OF, /* PipelineClassifier, PipelineRegressor */
    NETWORK,
    LAYER,
    CUSTOM, /* CustomModel, CustomLayerParams: a class of the app's */
    BRANCH,
    LOOP,
    LINKED,
    LINKED_FILE,
    TEXT, /* StringParameter */
    SERIALIZED,
    PROGRAM,
    FUNCTIONS, /* the entries of maps: a key and a message */
    FUNCTION,
    BLOCKS,
    BLOCK,
    OPERATION,
    ARGUMENTS,
    ARGUMENT,
    BINDING,
    VALUES,
    VALUE,
    BLOB,
};

static const struct pb_slot model[] = {
    [1] = PB_ONE(VARINT),        [2] = PB_SUB(DESCRIPTION),   [10] = PB_ONE(VARINT),
    [200] = PB_SUB(PIPELINE_OF), [201] = PB_SUB(PIPELINE_OF), [202] = PB_SUB(PIPELINE),
    [303] = PB_SUB(NETWORK),     [403] = PB_SUB(NETWORK),     [500] = PB_SUB(NETWORK),
    [502] = PB_SUB(PROGRAM),     [555] = PB_SUB(CUSTOM),      [556] = PB_SUB(LINKED),
    [3000] = PB_SUB(SERIALIZED),
};
static const struct pb_slot description[] = { [100] = PB_SUB(METADATA) };
static const struct pb_slot metadata[] = {
    [1] = PB_ONE(BYTES), [2] = PB_ONE(BYTES),    [3] = PB_ONE(BYTES),
    [4] = PB_ONE(BYTES), [100] = PB_SUBS(ENTRY),
};
static const struct pb_slot entry[] = { [1] = PB_ONE(BYTES), [2] = PB_ONE(BYTES) };
static const struct pb_slot pipeline[] = { [1] = PB_SUBS(MODEL), [2] = PB_MANY(BYTES) };
static const struct pb_slot pipeline_of[] = { [1] = PB_SUB(PIPELINE) };
static const struct pb_slot network[] = { [1] = PB_SUBS(LAYER) };
static const struct pb_slot layer[] = {
    [1] = PB_ONE(BYTES),
    [500] = PB_SUB(CUSTOM),
    [605] = PB_SUB(BRANCH),
    [615] = PB_SUB(LOOP),
};
static const struct pb_slot custom[] = { [10] = PB_ONE(BYTES) };
static const struct pb_slot branch[] = { [1] = PB_SUB(NETWORK), [2] = PB_SUB(NETWORK) };
static const struct pb_slot loop[] = { [3] = PB_SUB(NETWORK), [4] = PB_SUB(NETWORK) };
static const struct pb_slot linked[] = { [1] = PB_SUB(LINKED_FILE) };
static const struct pb_slot linked_file[] = { [1] = PB_SUB(TEXT), [2] = PB_SUB(TEXT) };
static const struct pb_slot text[] = { [1] = PB_ONE(BYTES) };
static const struct pb_slot serialized[] = { [1] = PB_ONE(BYTES), [2] = PB_ONE(BYTES) };
static const struct pb_slot program[] = {
    [1] = PB_ONE(VARINT),
    [2] = PB_SUBS(FUNCTIONS),
    [3] = PB_ONE(BYTES),
    [4] = PB_SUBS(VALUES),
};
static const struct pb_slot functions[] = { [1] = PB_ONE(BYTES), [2] = PB_SUB(FUNCTION) };
static const struct pb_slot function[] = { [3] = PB_SUBS(BLOCKS), [4] = PB_SUBS(VALUES) };
static const struct pb_slot blocks[] = { [1] = PB_ONE(BYTES), [2] = PB_SUB(BLOCK) };
static const struct pb_slot block[] = { [3] = PB_SUBS(OPERATION), [4] = PB_SUBS(VALUES) };
static const struct pb_slot operation[] = {
    [1] = PB_ONE(BYTES),
    [2] = PB_SUBS(ARGUMENTS),
    [4] = PB_SUBS(BLOCK),
    [5] = PB_SUBS(VALUES),
};
static const struct pb_slot arguments[] = { [1] = PB_ONE(BYTES), [2] = PB_SUB(ARGUMENT) };
static const struct pb_slot argument[] = { [1] = PB_SUBS(BINDING) };
static const struct pb_slot binding[] = { [1] = PB_ONE(BYTES), [2] = PB_SUB(VALUE) };
static const struct pb_slot values[] = { [1] = PB_ONE(BYTES), [2] = PB_SUB(VALUE) };
static const struct pb_slot value[] = { [5] = PB_SUB(BLOB) };
static const struct pb_slot blob[] = { [1] = PB_ONE(BYTES), [2] = PB_ONE(VARINT) };

#define MESSAGE(name, slots)                                                                       \
    {                                                                                              \
        name, slots, ARRAY_LEN(slots), true                                                        \
    }
static const struct pb_message schema[] = {
    [MODEL] = MESSAGE("Model", model),
    [DESCRIPTION] = MESSAGE("ModelDescription", description),
    [METADATA] = MESSAGE("Metadata", metadata),
    [ENTRY] = MESSAGE("Metadata.UserDefinedEntry", entry),
    [PIPELINE] = MESSAGE("Pipeline", pipeline),
    [PIPELINE_OF] = MESSAGE("PipelineClassifier", pipeline_of),
    [NETWORK] = MESSAGE("NeuralNetwork", network),
    [LAYER] = MESSAGE("NeuralNetworkLayer", layer),
    [CUSTOM] = MESSAGE("CustomLayerParams", custom),
    [BRANCH] = MESSAGE("BranchLayerParams", branch),
    [LOOP] = MESSAGE("LoopLayerParams", loop),
    [LINKED] = MESSAGE("LinkedModel", linked),
    [LINKED_FILE] = MESSAGE("LinkedModelFile", linked_file),
    [TEXT] = MESSAGE("StringParameter", text),
    [SERIALIZED] = MESSAGE("SerializedModel", serialized),
    [PROGRAM] = MESSAGE("Program", program),
    [FUNCTIONS] = MESSAGE("Program.FunctionsEntry", functions),
    [FUNCTION] = MESSAGE("Function", function),
    [BLOCKS] = MESSAGE("Function.BlockSpecializationsEntry", blocks),
    [BLOCK] = MESSAGE("Block", block),
    [OPERATION] = MESSAGE("Operation", operation),
    [ARGUMENTS] = MESSAGE("Operation.InputsEntry", arguments),
    [ARGUMENT] = MESSAGE("Argument", argument),
    [BINDING] = MESSAGE("Argument.Binding", binding),
    [VALUES] = MESSAGE("AttributesEntry", values),
    [VALUE] = MESSAGE("Value", value),
    [BLOB] = MESSAGE("Value.BlobFileValue", blob),
};

struct core_ml {
    struct scan *s;
    struct graph_tell tell;
    uint64_t models, layers, operations;
    struct span blob; /* the file of weights told last: most programs have one */
    size_t blobs;
};

/* What a model is, by the field that holds it. */
static bool is_kind(uint64_t field)
{
    return (field >= 200 && field < 1000) || (field >= 2000 && field <= 3000);
}

/* specificationVersion, description, and the model itself in a field from 200 on. */
static bool looks_like(struct span in)
{
    bool version = false, described = false, kind = false;
    struct pb_field f;

    if (in.n < 8)
        return false;
    for (size_t i = 0; in.n > 0; i++) {
        if (i > 1000 || !pb_take(&in, &f) || f.wire == PB_GROUP || f.wire == PB_END)
            return kind && version && described && i > 2; /* its tail is broken */
        if (f.number == 1 && (f.wire != PB_VARINT || f.value == 0 || f.value > 1000))
            return false;
        version |= f.number == 1;
        described |= f.number == 2 && f.wire == PB_BYTES;
        kind |= is_kind(f.number) && f.wire == PB_BYTES;
        if (f.number > 2 && f.number < 200 && f.number != 10)
            return false;
    }
    return version && kind;
}

/* A model is of one kind: of two, the last one counts. */
static void check_kinds(struct core_ml *x, struct pb_walk *w, struct span in)
{
    uint64_t kind = 0;
    struct span rest = in;
    struct pb_field f;

    while (rest.n > 0 && pb_take(&rest, &f)) {
        if (!is_kind(f.number))
            continue;
        if (kind && kind != f.number)
            graph_fact(&x->tell, x->s, FACT_PB_TWICE, pb_offset(w, in), SPAN_LITERAL("Model"),
                       "fields %" PRIu64 " and %" PRIu64, kind, f.number);
        kind = f.number;
    }
}

static void tell_custom(struct core_ml *x, struct pb_walk *w, struct span in)
{
    struct span name = pb_body(in, 10);

    graph_fact(&x->tell, x->s, FACT_OPERATOR_CUSTOM, pb_offset(w, in),
               name.n ? name : SPAN_LITERAL("custom"), "a class of the app that loads the model");
}

static void tell_link(struct core_ml *x, struct pb_walk *w, struct span in)
{
    struct span name = pb_body(pb_body(in, 1), 1), path = pb_body(pb_body(in, 2), 1);

    if (name.n > 0)
        model_path(x->s, pb_offset(w, name), name, "a linked model");
    if (path.n > 0)
        model_path(x->s, pb_offset(w, path), path, "where linked models are searched");
}

#define BLOBS_MAX 200 /* that are told */

/* "@model_path/weights/weight.bin": beside the model. */
static void tell_blob(struct core_ml *x, struct pb_walk *w, struct span in)
{
    struct span path = pb_body(in, 1), prefix = SPAN_LITERAL("@model_path/");

    if (span_equal(path, x->blob) || x->blobs++ > BLOBS_MAX)
        return;
    x->blob = path;
    if (span_starts(path, prefix))
        (void)skip(&path, prefix.n);
    if (path.n > 0)
        model_path(x->s, pb_offset(w, path), path, "weights of a program");
}

static void tell_metadata(struct core_ml *x, struct span in)
{
    if (x->models > 1)
        return;
    model_says(x->s, "version", pb_body(in, 2));
    model_says(x->s, "author", pb_body(in, 3));
    model_says(x->s, "license", pb_body(in, 4));
}

static enum pratique_status enter(struct pb_walk *w, unsigned message, struct span in)
{
    struct core_ml *x = w->user;

    switch ((enum message)message) {
    case MODEL:
        x->models++;
        check_kinds(x, w, in);
        break;
    case LAYER:
        x->layers++;
        break;
    case OPERATION:
        x->operations++;
        if (span_is(pb_body(in, 1), "custom_layer"))
            tell_custom(x, w, in);
        break;
    case CUSTOM:
        tell_custom(x, w, in);
        break;
    case LINKED_FILE:
        tell_link(x, w, in);
        break;
    case SERIALIZED:
        graph_fact(&x->tell, x->s, FACT_OPERATOR_COMPILED, pb_offset(w, in), pb_body(in, 1),
                   "a model in a form of its framework's own");
        break;
    case BLOB:
        tell_blob(x, w, in);
        break;
    case METADATA:
        tell_metadata(x, in);
        break;
    default:
        break;
    }
    return PRATIQUE_OK;
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    struct core_ml x = { .s = s, .blob = SPAN_EMPTY };
    struct pb_walk w = { .s = s, .whole = in, .schema = schema, .enter = enter, .user = &x };
    uint64_t version = pb_value(in, 1);
    enum pratique_status st = pb_walk(&w, MODEL);

    s->budget->work_done += w.fields * 8;
    if (st != PRATIQUE_OK)
        return st;
    if (version > VERSION_MAX)
        scan_factf(s, FACT_ONNX_VERSION, 0, SPAN_LITERAL("specification version"),
                   "%" PRIu64 "; known are 1 to %d", version, VERSION_MAX);
    scan_read(s, "Core ML", in.n,
              "specification version %" PRIu64 ", %" PRIu64 " models, %" PRIu64 " layers, %" PRIu64
              " operations",
              version, x.models, x.layers, x.operations);
    return PRATIQUE_OK;
}

const struct format format_core_ml = {
    .name = "Core ML",
    .spec = "Model.proto, specification versions 1 to 10, https://github.com/apple/coremltools",
    .looks_like = looks_like,
    .scan = scan,
};
