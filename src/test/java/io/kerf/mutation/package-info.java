/** Damages files in every way that we could think of, and watches what their readers do. */
package io.kerf.mutation;
