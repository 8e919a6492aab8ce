/**
 * How long work tells what it has done, without knowing who looks on.
 *
 * <p>Start with {@link io.kerf.progress.Progress}. Depends on nothing; every room may use it. What
 * is shown (a bar in a notebook, a line on a terminal, nothing) is chosen by whoever gives the
 * listener.
 */
package io.kerf.progress;
