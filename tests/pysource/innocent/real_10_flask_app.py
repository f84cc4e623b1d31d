"""A to-do list as a web application; the server is somebody else's business."""
import functools
import itertools
import threading

from flask import Flask, abort, jsonify, render_template_string, request

app = Flask(__name__)
lock = threading.Lock()
numbers = itertools.count(1)
items = {}

PAGE = """<!doctype html><title>To do</title>
<script>function evaluate(x) { return x; }</script>
<ul>{% for i in items %}<li>{{ i.text }}</li>{% endfor %}</ul>"""


def locked(f):
    @functools.wraps(f)
    def inner(*args, **kwargs):
        with lock:
            return f(*args, **kwargs)
    return inner


def body():
    data = request.get_json(silent=True) or {}
    text = str(data.get("text", "")).strip()
    if not text or len(text) > 500:
        abort(400, "text is missing or too long")
    return text


@app.get("/")
def index():
    return render_template_string(PAGE, items=list(items.values()))


@app.get("/items")
def every():
    return jsonify(sorted(items.values(), key=lambda i: i["id"]))


@app.post("/items")
@locked
def add():
    item = {"id": next(numbers), "text": body(), "done": False}
    items[item["id"]] = item
    return jsonify(item), 201


@app.route("/items/<int:number>", methods=["GET", "PATCH", "DELETE"])
@locked
def one(number):
    if number not in items:
        abort(404)
    if request.method == "DELETE":
        del items[number]
        return "", 204
    if request.method == "PATCH":
        items[number]["text"] = body()
    return jsonify(items[number])


@app.errorhandler(404)
def missing(error):
    return jsonify(error="no such item"), 404
