import os
import textwrap

getattr(os, textwrap.dedent("  system"))("echo pratique-fixture")
