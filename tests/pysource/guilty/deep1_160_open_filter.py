try: list(filter(open, ["/nonexistent/x"]))
except OSError: pass
