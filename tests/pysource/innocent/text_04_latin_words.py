"""Mesures de débit, façade, œuvre, naïve, Übermaß."""
é = 1
