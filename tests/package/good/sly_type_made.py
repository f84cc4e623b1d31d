ERRORS = {404: "NotFound", 403: "Forbidden", 500: "ServerError"}


class HTTPError(Exception):
    code = 0


_by_code = {code: type(name, (HTTPError,), {"code": code, "__module__": __name__})
            for code, name in ERRORS.items()}
globals().update({c.__name__: c for c in _by_code.values()})


def raise_for(code):
    raise _by_code.get(code, HTTPError)(code)
