try: sorted(["/nonexistent/x"], key=open)
except OSError: pass
