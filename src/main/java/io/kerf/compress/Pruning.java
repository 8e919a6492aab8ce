package io.kerf.compress;

/** A cut that sets weights to zero. */
public interface Pruning extends Compression {}
