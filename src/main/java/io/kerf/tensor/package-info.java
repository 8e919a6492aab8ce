/**
 * Weights on the host: immutable arrays with a shape and an encoding, decoded to float32 when read.
 *
 * <p>Start with {@link io.kerf.tensor.Tensor}. Depends on nothing. Matrices are row-major, a linear
 * layer's weight is (out, in).
 */
package io.kerf.tensor;
