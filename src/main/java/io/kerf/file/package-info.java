/**
 * What every reader says of a file it does not read: {@link io.kerf.file.BadFileException}.
 *
 * <p>Depends on nothing.
 */
package io.kerf.file;
