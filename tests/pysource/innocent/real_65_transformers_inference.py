"""Runs a local text classifier over a file, in batches."""
import argparse
import json
import sys
from pathlib import Path

import torch
from tqdm import tqdm
from transformers import AutoModelForSequenceClassification, AutoTokenizer


class Classifier:
    def __init__(self, folder, device="cpu", batch=16):
        self.tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        self.model = AutoModelForSequenceClassification.from_pretrained(
            folder, local_files_only=True, use_safetensors=True)
        self.model.to(device).eval()
        self.device, self.batch = device, batch

    @torch.inference_mode()
    def scores(self, texts):
        t = self.tokenizer(texts, padding=True, truncation=True, max_length=256, return_tensors="pt")
        logits = self.model(**{k: v.to(self.device) for k, v in t.items()}).logits
        return logits.softmax(-1).cpu().tolist()

    def __call__(self, texts):
        names = self.model.config.id2label
        for i in tqdm(range(0, len(texts), self.batch), disable=not sys.stderr.isatty()):
            for text, p in zip(texts[i:i + self.batch], self.scores(texts[i:i + self.batch])):
                best = max(range(len(p)), key=p.__getitem__)
                yield {"text": text, "label": names[best], "score": round(p[best], 4)}


def lines(path):
    with open(path, encoding="utf-8") as f:
        return [line.rstrip("\n") for line in f if line.strip()]


def main(argv=None):
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("model", type=Path)
    p.add_argument("texts", type=Path)
    p.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    p.add_argument("--compile", action="store_true", help="use torch.compile")
    o = p.parse_args(argv)
    c = Classifier(o.model, o.device)
    if o.compile:
        c.model = torch.compile(c.model)
    for row in c(lines(o.texts)):
        print(json.dumps(row, ensure_ascii=False))


if __name__ == "__main__":
    main()
