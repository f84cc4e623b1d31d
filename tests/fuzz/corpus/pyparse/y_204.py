from ...a.b import (c as d, e,)
from .... import f
from . import g
from .... h import i
import a.b.c as d, e
