try:
    from ._speedups import escape
except ImportError:
    def escape(text):
        return text.replace("&", "&amp;").replace("<", "&lt;")
