import traceback
traceback.format_exc()
