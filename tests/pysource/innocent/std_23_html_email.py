import html
from email.message import EmailMessage
m = EmailMessage()
m["Subject"] = html.escape("<eval>")
