import os
import smtplib
from email.message import EmailMessage


def send(to, subject, body):
    m = EmailMessage()
    m["To"], m["Subject"], m["From"] = to, subject, "noreply@example.com"
    m.set_content(body)
    with smtplib.SMTP_SSL(os.environ.get("SMTP_HOST", "smtp.example.com")) as s:
        s.login(os.environ["SMTP_USER"], os.environ["SMTP_PASSWORD"])
        s.send_message(m)
