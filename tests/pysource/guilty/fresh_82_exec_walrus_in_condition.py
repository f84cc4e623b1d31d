if (e := exec) and not e("6*7"): pass
