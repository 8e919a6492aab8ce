/**
 * The door: what a notebook's cells say.
 *
 * <p>Start with {@link io.kerf.Kerf}: {@code import static io.kerf.Kerf.*;} brings loading, cuts,
 * tasks and {@code display}. A {@link io.kerf.Variant} is a model with verbs, an {@link
 * io.kerf.Evaluation} what is to be measured, a {@link io.kerf.Report} what came of it.
 */
package io.kerf;
