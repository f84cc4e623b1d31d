import pycurl
c = pycurl.Curl()
