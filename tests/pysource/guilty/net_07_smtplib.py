def notify(text):
    from smtplib import SMTP_SSL as Post
    return Post


notify("pratique-fixture")
