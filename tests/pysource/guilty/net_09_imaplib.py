try:
    import imaplib
except ImportError:
    imaplib = None
