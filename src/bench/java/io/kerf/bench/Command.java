package io.kerf.bench;

import java.util.Set;

/** One of the benchmarks. */
interface Command {
  /** What it does and its options, a line each, for whoever asks. */
  String usage();

  /** The names of its options. */
  Set<String> options();

  /** Measures, and gives the report what was found. */
  void run(Arguments arguments, Report report) throws Exception;
}
