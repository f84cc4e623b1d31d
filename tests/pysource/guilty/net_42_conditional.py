import sys
if sys.platform != "win32":
    from socket import create_connection as dial
else:
    dial = None
