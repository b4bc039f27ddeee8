"""The dancer: tokeniser, generator, streaming, data, training and weights. The only package that imports torch."""
