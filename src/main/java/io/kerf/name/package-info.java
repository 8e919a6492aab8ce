/**
 * Names that users type, and what they may have meant.
 *
 * <p>Start with {@link io.kerf.name.Names}. Depends on nothing; every room may use it.
 */
package io.kerf.name;
