package io.kerf.eval;

import java.util.List;
import java.util.function.Function;

/** Models that compute the same requests step by step, side by side. */
interface Crew {
  /** How many they are. */
  int size();

  /** The plan of one of them; the plans of all have the same steps. */
  Workload plan(int place, List<Request> requests);

  /**
   * Runs a step of one's plan; that of the first member comes first.
   *
   * @return the nanoseconds that it takes that model alone
   */
  double run(int place, Workload.Step step);

  /** A model alone. */
  static Crew of(Function<List<Request>, Workload> planner) {
    return new Crew() {
      @Override
      public int size() {
        return 1;
      }

      @Override
      public Workload plan(int place, List<Request> requests) {
        return planner.apply(requests);
      }

      @Override
      public double run(int place, Workload.Step step) {
        long start = System.nanoTime();
        step.work().run();
        return System.nanoTime() - start;
      }
    };
  }
}
