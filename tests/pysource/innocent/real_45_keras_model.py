"""An image classifier with Keras; model.compile() and model.evaluate() are methods."""
import argparse
import json
import pathlib

import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


def build(classes=10, width=32):
    inputs = keras.Input((28, 28, 1))
    x = layers.Rescaling(1 / 255)(inputs)
    for i in range(2):
        x = layers.Conv2D(width << i, 3, activation="relu", padding="same")(x)
        x = layers.MaxPooling2D()(x)
    x = layers.Dropout(0.3)(layers.Flatten()(x))
    return keras.Model(inputs, layers.Dense(classes, activation="softmax")(x), name="small")


class Stop(keras.callbacks.Callback):
    def __init__(self, goal):
        super().__init__()
        self.goal = goal

    def on_epoch_end(self, epoch, logs=None):
        if (logs or {}).get("val_accuracy", 0) > self.goal:
            self.model.stop_training = True


def dataset(x, y, batch=64, train=True):
    d = tf.data.Dataset.from_tensor_slices((x[..., None], y))
    if train:
        d = d.shuffle(1000).map(lambda a, b: (tf.image.random_brightness(a, 0.1), b))
    return d.batch(batch).prefetch(tf.data.AUTOTUNE)


def main(argv=None):
    p = argparse.ArgumentParser()
    p.add_argument("--data", type=pathlib.Path, default=pathlib.Path("mnist.npz"))
    p.add_argument("--epochs", type=int, default=2)
    o = p.parse_args(argv)
    with np.load(o.data) as f:
        parts = [f[n] for n in ("x_train", "y_train", "x_test", "y_test")]
    train, test = dataset(*parts[:2]), dataset(*parts[2:], train=False)
    model = build()
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(train, validation_data=test, epochs=o.epochs, callbacks=[Stop(0.99)])
    loss, accuracy = model.evaluate(test, verbose=0)
    pathlib.Path("history.json").write_text(json.dumps(history.history))
    print("loss %.3f accuracy %.3f" % (loss, accuracy))


if __name__ == "__main__":
    main()
