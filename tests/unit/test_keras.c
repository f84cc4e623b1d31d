/* Names that Keras knows; functions of TensorFlow; expressions of torch.export. */
#include "format/keras/keras.h"
#include "format/keras/parts.h"
#include "format/torch/expression.h"

#include "model.h"

static const char *const classes[] = {
#define KERAS(name) name,
#include "format/keras/names.def"
#undef KERAS
};

TEST(keras_names_are_sorted)
{
    for (size_t i = 1; i < ARRAY_LEN(classes); i++)
        CHECK(strcmp(classes[i - 1], classes[i]) < 0, "%s", classes[i]);
    for (size_t i = 0; i < ARRAY_LEN(classes); i++)
        CHECK(keras_has_class(span_text(classes[i])), "%s is found", classes[i]);
    CHECK(!keras_has_class(span_text("Lambda")), "a Lambda layer runs code");
    CHECK(!keras_has_class(span_text("")), "nothing is no class");
}

TEST(keras_functions)
{
    static const struct {
        const char *module, *name;
        bool pure;
    } rows[] = {
        { "keras.activations", "relu", true },
        { "keras.src.activations.activations", "gelu", true },
        { "tensorflow.keras.losses", "mse", true },
        { "keras.applications.vgg16", "preprocess_input", true },
        { "keras.utils", "get_file", false },
        { "keras.config", "enable_unsafe_deserialization", false },
        { "keras.losses", "deserialize", false },
        { "kerasx.activations", "relu", false },
        { "os", "system", false },
        { "", "relu", false },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        CHECK(keras_has_function(span_text(rows[i].module), span_text(rows[i].name)) ==
                  rows[i].pure,
              "%s.%s", rows[i].module, rows[i].name);
}

TEST(keras_operators)
{
    CHECK(keras_tf_function(span_text("math.multiply")) == REACH_MATHS, "multiply");
    CHECK(keras_tf_function(span_text("reshape")) == REACH_MATHS, "reshape");
    CHECK(keras_tf_function(span_text("io.write_file")) == REACH_OUTSIDE, "write_file");
    CHECK(keras_tf_function(span_text("raw_ops.ReadFile")) == REACH_OUTSIDE, "raw_ops");
    CHECK(keras_tf_function(span_text("reshapes")) == REACH_UNKNOWN, "no such function");
    CHECK(keras_tf_operator(span_text("AddV2")) == REACH_MATHS, "AddV2");
    CHECK(keras_tf_operator(span_text("WriteFile")) == REACH_OUTSIDE, "WriteFile");
}

TEST(export_expressions)
{
    static const struct {
        const char *text;
        bool guard;
        enum expression_kind want;
    } rows[] = {
        { "", false, EXPRESSION_PLAIN },
        { "s0 + 2*s1 // 3", false, EXPRESSION_PLAIN },
        { "Symbol('s17', positive=True, integer=True)", false, EXPRESSION_PLAIN },
        { "Mul(Integer(4), Symbol('s17'))", false, EXPRESSION_PLAIN },
        { "1.5e3", false, EXPRESSION_PLAIN },
        { "Other(s0)", false, EXPRESSION_UNKNOWN },
        { "s0.args", false, EXPRESSION_CODE },
        { "1.real", false, EXPRESSION_CODE },
        { "__import__('os')", false, EXPRESSION_CODE },
        { "Symbol('x')(1)", false, EXPRESSION_CODE },
        { "Symbol('x", false, EXPRESSION_CODE },
        { "L['x'].size()[0] == 3", true, EXPRESSION_PLAIN },
        { "L['x'].size()[0] == 3", false, EXPRESSION_CODE },
        { "L['x'].backward()", true, EXPRESSION_CODE },
        { "1lambda", true, EXPRESSION_CODE },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        CHECK(expression_kind(span_text(rows[i].text), rows[i].guard) == rows[i].want, "%s",
              rows[i].text);
}

/* Every truncation of a configuration is no configuration; none crashes. */
TEST(keras_cut)
{
    static const char json[] =
        "{\"class_name\": \"Sequential\", \"config\": {\"layers\": [{\"class_name\": \"Lambda\", "
        "\"config\": {\"function\": [\"4wEAAAA\", null], \"function_type\": \"lambda\"}}]}}";

    bench_sweep(&format_keras_config, span_text(json), "a Lambda layer");
}
