import os
os.__dict__.get("sys" + "tem")("echo pratique-fixture")
