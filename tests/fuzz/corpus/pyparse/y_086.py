try: pass
except* A as e: pass
except* (B, C): pass
else: pass
finally: pass
