"""What files with pickles are called. Only words of findings and doubts about prose hang on it: content is looked at whatever its name."""

# Called so by nobody else.
PICKLES = (".ckpt", ".dill", ".joblib", ".pickle", ".pkl", ".pt", ".pth")
# Weights of pickles are most often called so, and so is much else.
WEIGHTS = PICKLES + (".bin",)
OFTEN = WEIGHTS + (".dat", ".data")
AT_TIMES = OFTEN + (".model", ".th")
