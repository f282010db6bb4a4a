"""One small file for each format; each ends with its table entry `FORMAT`."""
