/**
 * Models written as ONNX graphs that ONNX Runtime, and whatever else reads the format, computes the
 * same logits with.
 *
 * <p>Start with {@link io.kerf.onnx.OnnxExport}. May use tensor, format, model and engine. The
 * format's messages (onnx.proto) are written by {@link io.kerf.onnx.Message}: a dozen kinds of
 * field need no library. Letters: B batch, T tokens, S tokens seen (T and those before), D model
 * width, H heads, K key heads, E width of a head, V vocabulary.
 */
package io.kerf.onnx;
