/**
 * Benchmarks: how fast Kerf is, beside what the machine could do at most and beside its peers.
 *
 * <p>Start with {@link io.kerf.bench.Bench}; {@code src/bench/run} compiles and runs it. A time is
 * never printed without the machine's limits taken in the same run, since machines differ and
 * neighbours move all of it. What is compared is taken in turns, round by round, so that a
 * neighbour's load hits all alike; a figure is the median over the rounds. May use all of Kerf.
 */
package io.kerf.bench;
