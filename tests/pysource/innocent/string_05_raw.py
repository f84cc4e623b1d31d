x = r"\bos\.system\(|subprocess\.Popen\("
