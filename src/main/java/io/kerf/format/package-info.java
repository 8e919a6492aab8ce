/**
 * Files of weights: safetensors, GGUF, PyTorch's {@code .bin}, the TensorFlow bundle, llama2.c.
 *
 * <p>Start with {@link io.kerf.format.WeightFile}. May use tensor and json. Files are untrusted:
 * every field of a header is checked before it is used, no size is allocated that the file could
 * not fill, no code is run, and what is refused is refused by a {@link
 * io.kerf.format.FormatException} that names file, field and value. Tensors are mapped where they
 * lie, in an archive too.
 */
package io.kerf.format;
