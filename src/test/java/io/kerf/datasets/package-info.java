/** Checks of the data that the project ships beside its code, in {@code datasets/}. */
package io.kerf.datasets;
