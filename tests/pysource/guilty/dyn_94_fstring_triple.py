import os
text = f"""
status: {
os.system("echo pratique-fixture")
}
"""
