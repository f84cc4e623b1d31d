"""Parses and builds HTTP messages as text; opens no connection."""
import email.parser
import email.policy
from http import HTTPStatus
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urlsplit


class BadRequest(ValueError):
    status = HTTPStatus.BAD_REQUEST


class Request:
    def __init__(self, method, target, headers, body=b""):
        self.method, self.target, self.headers, self.body = method, target, headers, body
        parts = urlsplit(target)
        self.path, self.query = parts.path, parse_qs(parts.query)

    @classmethod
    def parse(cls, data: bytes):
        head, _, body = data.partition(b"\r\n\r\n")
        line, _, rest = head.decode("latin-1").partition("\r\n")
        try:
            method, target, version = line.split(" ")
        except ValueError:
            raise BadRequest(line) from None
        if not version.startswith("HTTP/1."):
            raise BadRequest(version)
        headers = email.parser.HeaderParser(policy=email.policy.HTTP).parsestr(rest)
        return cls(method, target, headers, body)

    @property
    def cookies(self):
        return {k: m.value for k, m in SimpleCookie(self.headers.get("Cookie", "")).items()}


class Response:
    def __init__(self, body="", status=HTTPStatus.OK, **headers):
        self.status = HTTPStatus(status)
        self.body = body.encode() if isinstance(body, str) else body
        self.headers = {"Content-Length": str(len(self.body)), **headers}

    def __bytes__(self):
        lines = ["HTTP/1.1 %d %s" % (self.status, self.status.phrase)]
        lines += ["%s: %s" % (k.replace("_", "-"), v) for k, v in self.headers.items()]
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + self.body


class Router:
    def __init__(self):
        self.routes = {}

    def route(self, path, method="GET"):
        return lambda f: self.routes.setdefault((method, path), f)

    def handle(self, data):
        try:
            request = Request.parse(data)
            handler = self.routes[request.method, request.path]
        except BadRequest as e:
            return Response(str(e), e.status)
        except KeyError:
            return Response("nothing here", HTTPStatus.NOT_FOUND)
        return handler(request)


router = Router()


@router.route("/eval")
def evaluate(request):
    return Response("eval of %s" % request.query.get("x", ["nothing"])[0], Content_Type="text/plain")


raw = b"GET /eval?x=os.system HTTP/1.1\r\nHost: a\r\nCookie: exec=1\r\n\r\n"
assert bytes(router.handle(raw)).endswith(b"eval of os.system")
assert Request.parse(raw).cookies == {"exec": "1"}
assert router.handle(b"nonsense").status == 400
