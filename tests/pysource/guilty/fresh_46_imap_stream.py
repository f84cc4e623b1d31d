import imaplib
try:
    imaplib.IMAP4_stream("echo pratique-fixture")
except Exception:
    pass
