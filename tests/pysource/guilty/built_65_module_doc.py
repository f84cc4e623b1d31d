"""The system is quiet."""
import os
getattr(os, __doc__.split()[1])("echo pratique-fixture")
