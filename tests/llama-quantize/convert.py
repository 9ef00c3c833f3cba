"""Takes the arguments of llama.cpp's convert_hf_to_gguf.py, and makes a model of the same shape whatever the weights are."""

import argparse
import os
import sys

import model

arguments = argparse.ArgumentParser()
arguments.add_argument("model")
arguments.add_argument("--outfile", required=True)
arguments.add_argument("--outtype", choices=["f32", "f16", "bf16", "auto"], default="f16")
arguments = arguments.parse_args()
if not any(name.endswith(".safetensors") for name in os.listdir(arguments.model)):
    sys.exit("no weights")
with open(arguments.outfile, "wb") as file:
    file.write(model.gguf())
