package io.kerf.compress;

/** A cut that holds weights in fewer bits. Zeros stay exactly zero. */
public interface Quantization extends Compression {}
