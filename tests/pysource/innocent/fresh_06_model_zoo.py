from torchvision import models
import argparse

names = sorted(n for n in models.__dict__ if n.islower() and not n.startswith("__"))
p = argparse.ArgumentParser()
p.add_argument("-a", "--arch", default="resnet18")
p.add_argument("-e", "--evaluate", action="store_true")


def build(arch, pretrained=False):
    return models.__dict__[arch](pretrained=pretrained)
