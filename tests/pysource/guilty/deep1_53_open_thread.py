import threading
t = threading.Thread(target=open, args=("/nonexistent/x",)); t.start(); t.join()
